import { documentTokens } from './chat-prompt.ts';
import { objectId } from './object-ids.ts';
import { invalidRequest } from './openai-error.ts';
import { pictureTokens } from './picture-tokens.ts';
import { callTokens } from './planned-output.ts';
import { createPromptBuilder, MESSAGE_FRAMING_TOKENS, type Prompt, type PromptBuilder } from './prompt.ts';
import { isObject, type Json, missing, wrongType, wrongValue } from './request-fields.ts';
import type { Tokenizer } from './tokenizer.ts';

export interface ResponseInput {
  readonly prompt: Prompt;
  /** As `GET …/input_items` lists them. */
  readonly items: readonly Json[];
  readonly userText: string;
  readonly hasResult: boolean;
}

const ROLES = ['user', 'assistant', 'system', 'developer'];
const PARTS = ['input_text', 'input_image', 'output_text', 'refusal', 'input_file'];

export function readResponseInput(input: unknown, model: string, tokenizer: Tokenizer): ResponseInput {
  const builder = createPromptBuilder(tokenizer);
  const list = typeof input === 'string' ? [{ role: 'user', content: input }] : (input ?? []);
  if (!Array.isArray(list)) wrongType('input', 'one of a string or array of input items', input);
  let userText = '';
  let type = '';
  const items = list.map((item, index): Json => {
    const where = `input[${index}]`;
    if (!isObject(item)) wrongType(where, 'an object', item);
    type = typeof item['type'] === 'string' ? item['type'] : 'message';
    if (type !== 'message') {
      countItem(item, type, builder, tokenizer);
      return { id: objectId(`${type.slice(0, 2)}_`), ...item };
    }
    const role = item['role'] ?? missing(`${where}.role`);
    if (!ROLES.includes(String(role))) wrongValue(`${where}.role`, role, ROLES);
    builder.framing(MESSAGE_FRAMING_TOKENS);
    const content = readContent(item['content'] ?? missing(`${where}.content`), where, builder, model);
    if (role === 'user') userText = content.text;
    return { id: objectId('msg_'), type: 'message', status: 'completed', role, content: content.parts };
  });
  return { prompt: builder.build(), items, userText, hasResult: type.endsWith('_output') };
}

/** What a compaction item carries: the summary it stands for, readable by the simulation alone. */
export function sealSummary(summary: string): string {
  return Buffer.from(summary).toString('base64');
}

function readContent(
  content: unknown,
  where: string,
  builder: PromptBuilder,
  model: string,
): { text: string; parts: unknown } {
  if (typeof content === 'string') {
    builder.text(content);
    return { text: content, parts: [{ type: 'input_text', text: content }] };
  }
  if (!Array.isArray(content)) wrongType(`${where}.content`, 'one of a string or array of objects', content);
  const texts = content.map((part, index) => readPart(part, `${where}.content[${index}]`, builder, model));
  return { text: texts.join(' '), parts: content };
}

function readPart(part: unknown, where: string, builder: PromptBuilder, model: string): string {
  if (!isObject(part)) wrongType(where, 'an object', part);
  switch (part['type']) {
    case 'input_text':
    case 'output_text':
    case 'refusal': {
      const text = part[part['type'] === 'refusal' ? 'refusal' : 'text'] ?? missing(`${where}.text`);
      if (typeof text !== 'string') wrongType(`${where}.text`, 'a string', text);
      builder.text(text);
      return text;
    }
    case 'input_image': {
      if (typeof part['file_id'] === 'string') fileNotFound(part['file_id'], `${where}.file_id`);
      const url = part['image_url'] ?? missing(`${where}.image_url`);
      if (typeof url !== 'string') wrongType(`${where}.image_url`, 'a string', url);
      builder.image(pictureTokens(model, url, typeof part['detail'] === 'string' ? part['detail'] : null));
      return '';
    }
    case 'input_file':
      builder.framing(documentTokens(part['file_data'], part['file_id'], `${where}.file_id`));
      return '';
    default:
      return wrongValue(`${where}.type`, part['type'], PARTS);
  }
}

function fileNotFound(id: string, param: string): never {
  throw invalidRequest(`The file with id '${id}' was not found.`, param, 'file_not_found', 404);
}

function countItem(item: Json, type: string, builder: PromptBuilder, tokenizer: Tokenizer): void {
  switch (type) {
    case 'function_call':
      builder.framing(callTokens(String(item['name'] ?? ''), 0, tokenizer));
      builder.text(String(item['arguments'] ?? ''));
      return;
    case 'function_call_output': {
      builder.framing(MESSAGE_FRAMING_TOKENS);
      const output = item['output'] ?? '';
      builder.text(typeof output === 'string' ? output : JSON.stringify(output));
      return;
    }
    case 'compaction':
      builder.framing(MESSAGE_FRAMING_TOKENS);
      builder.text(Buffer.from(String(item['encrypted_content'] ?? ''), 'base64').toString('utf8'));
      return;
    // Thinking of earlier turns is dropped; calls of hosted tools and references cost their framing.
    default:
      builder.framing(MESSAGE_FRAMING_TOKENS);
  }
}
