import { checkContext } from './chat-request.ts';
import { readInputItems } from './input-items.ts';
import { countItems } from './item-tokens.ts';
import type { Model } from './model-catalog.ts';
import { invalidRequest } from './openai-error.ts';
import {
  createPromptBuilder,
  joinPrompts,
  MESSAGE_FRAMING_TOKENS,
  type Prompt,
  promptTokens,
  REPLY_FRAMING_TOKENS,
} from './prompt.ts';
import {
  isObject,
  type Json,
  missing,
  optionalArray,
  optionalChoice,
  optionalString,
  requiredString,
  wrongType,
} from './request-fields.ts';
import { type Call, findModel, type Simulation } from './simulation.ts';

export interface Question {
  readonly type: 'predicate' | 'choice' | 'score';
  readonly name: string | null;
  /** Of a choice. */
  readonly values: readonly (string | boolean)[];
  /** Of a score, from the lowest to the highest level. */
  readonly labels: readonly string[];
}

export interface DecisionRequest {
  readonly model: Model;
  readonly questions: readonly Question[];
  readonly prompt: Prompt;
}

const TYPES = ['predicate', 'choice', 'score'] as const;
const MAX_QUESTIONS = 400;

/** OpenAI takes gpt-6-luna alone; here every model that chats will do, so that each can be priced. */
export function readDecisionRequest(body: Json, call: Call, simulation: Simulation): DecisionRequest {
  const model = findModel(simulation, call, requiredString(body, 'model'), ['chat']);
  const input = asTexts(body['input'] ?? missing('input'));
  const items = readInputItems(input, 'input', call, simulation);
  const given = body['questions'] ?? missing('questions');
  if (!Array.isArray(given)) wrongType('questions', 'an array of objects', given);
  if (given.length === 0 || given.length > MAX_QUESTIONS) {
    throw invalidRequest(
      `Invalid 'questions': expected an array with 1 to ${MAX_QUESTIONS} questions, but got ${given.length} instead.`,
      'questions',
      'array_above_max_length',
    );
  }
  const builder = createPromptBuilder(simulation.tokenizer);
  builder.framing(REPLY_FRAMING_TOKENS);
  const questions = given.map((question, index) => {
    const where = `questions[${index}]`;
    if (!isObject(question)) wrongType(where, 'an object', question);
    builder.framing(MESSAGE_FRAMING_TOKENS);
    builder.text(textOfInstructions(question['instructions'] ?? missing(`${where}.instructions`)));
    const options = question['choices'] ?? question['levels'];
    if (options !== undefined) builder.text(JSON.stringify(options));
    return readQuestion(question, where);
  });
  const { prompt } = countItems(items, 'input', model.row.model, simulation);
  const whole = joinPrompts([prompt, builder.build()]);
  checkContext(model, promptTokens(whole));
  return { model, questions, prompt: whole };
}

function readQuestion(question: Json, where: string): Question {
  const type = optionalChoice(question, 'type', TYPES) ?? missing(`${where}.type`);
  const choices = optionalArray(question, 'choices').filter(isObject);
  const levels = optionalArray(question, 'levels').filter(isObject);
  if (type === 'choice' && choices.length < 2) missing(`${where}.choices`);
  if (type === 'score' && levels.length < 2) missing(`${where}.levels`);
  return {
    type,
    name: optionalString(question, 'name'),
    values: choices.map(({ value }) => (typeof value === 'boolean' ? value : String(value))),
    labels: levels.map(({ label }) => String(label)),
  };
}

/** JSON parts are read by the model as their text. */
function asTexts(input: unknown): unknown {
  if (!Array.isArray(input)) return input;
  return input.map((item) => {
    if (!isObject(item) || !Array.isArray(item['content'])) return item;
    return { ...item, content: item['content'].map(asText) };
  });
}

function asText(part: unknown): unknown {
  if (!isObject(part) || part['type'] !== 'input_json') return part;
  return { type: 'input_text', text: JSON.stringify(part['data'] ?? {}) };
}

function textOfInstructions(instructions: unknown): string {
  return typeof instructions === 'string' ? instructions : JSON.stringify(instructions);
}
