import { NOTHING_USED } from './call-cost.ts';
import { jsonAnswer } from './generation.ts';
import { objectId } from './object-ids.ts';
import { invalidRequest } from './openai-error.ts';
import {
  missing,
  optionalChoice,
  optionalInteger,
  parseJsonBody,
  requiredString,
  wrongType,
} from './request-fields.ts';
import { seededRandom, seedOf } from './seeded-random.ts';
import { plainTier } from './service-tiers.ts';
import { findModel, type Route, type Simulation } from './simulation.ts';

const MAX_INPUTS = 2048;

/** POST /v1/embeddings: the same text always has the same vector, of length 1. */
export const createEmbeddings: Route = (call, simulation) => {
  const body = parseJsonBody(call.body);
  const model = findModel(simulation, call, requiredString(body, 'model'), ['embedding']);
  const inputs = readInputs(body['input'] ?? missing('input'), simulation);
  const largest = /large/.test(model.row.model) ? 3072 : 1536;
  const dimensions = optionalInteger(body, 'dimensions', 1, largest) ?? largest;
  const format = optionalChoice(body, 'encoding_format', ['float', 'base64']) ?? 'float';
  for (const each of inputs) {
    if (each.tokens > model.row.contextTokens) {
      throw invalidRequest(
        `This model's maximum context length is ${model.row.contextTokens} tokens, however you requested ${each.tokens} tokens. Please reduce your prompt.`,
      );
    }
  }
  const tier = plainTier(model, call, simulation);
  const inputTokens = inputs.reduce((sum, each) => sum + each.tokens, 0);
  const usage = { prompt_tokens: inputTokens, total_tokens: inputTokens };
  const data = inputs.map((each, index) => {
    const vector = unitVector(each.seed, dimensions);
    const embedding =
      format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : Array.from(vector);
    return { object: 'embedding', index, embedding };
  });
  return jsonAnswer(
    { object: 'list', data, model: model.answersAs, usage },
    {
      responseId: objectId('embd-'),
      model: model.answersAs,
      serviceTier: tier.name,
      usage,
      parts: [{ row: model.row, tierPermille: tier.permille, used: { ...NOTHING_USED, inputTokens } }],
    },
  );
};

interface EmbeddingInput {
  readonly seed: number;
  readonly tokens: number;
}

function readInputs(input: unknown, simulation: Simulation): EmbeddingInput[] {
  if (typeof input === 'string') return [textInput(input, simulation)];
  if (!Array.isArray(input)) return wrongType('input', 'one of a string or an array', input);
  if (input.length === 0)
    throw invalidRequest("Invalid 'input': input cannot be an empty array.", 'input', 'empty_array');
  if (input.every((each) => typeof each === 'number')) return [idInput(input)];
  if (input.length > MAX_INPUTS) {
    throw invalidRequest(
      `Invalid 'input': array too long. Expected an array with maximum length ${MAX_INPUTS}, but got an array with length ${input.length} instead.`,
      'input',
      'array_above_max_length',
    );
  }
  return input.map((each, index) => {
    if (typeof each === 'string') return textInput(each, simulation);
    if (Array.isArray(each) && each.length > 0 && each.every((id) => typeof id === 'number'))
      return idInput(each);
    return wrongType(`input[${index}]`, 'a string or an array of integers', each);
  });
}

function textInput(text: string, simulation: Simulation): EmbeddingInput {
  if (text === '')
    throw invalidRequest("Invalid 'input': input cannot be an empty string.", 'input', 'empty_string');
  return { seed: seedOf([text]), tokens: simulation.tokenizer.count(text) };
}

function idInput(ids: readonly number[]): EmbeddingInput {
  return { seed: seedOf([ids.join(' ')]), tokens: ids.length };
}

function unitVector(seed: number, dimensions: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const vector = new Float32Array(dimensions);
  let squares = 0;
  for (let index = 0; index < dimensions; index++) {
    const value = random.next() - 0.5;
    vector[index] = value;
    squares += value * value;
  }
  const scale = 1 / Math.sqrt(squares);
  return vector.map((value) => value * scale);
}
