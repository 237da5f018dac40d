import { audioSeconds } from './audio-length.ts';
import { documentTokens } from './document-tokens.ts';
import { invalidRequest } from './openai-error.ts';
import { pictureTokens } from './picture-tokens.ts';
import { callTokens } from './planned-output.ts';
import {
  createPromptBuilder,
  FUNCTION_FRAMING_TOKENS,
  MESSAGE_FRAMING_TOKENS,
  NAME_FRAMING_TOKENS,
  type Prompt,
  type PromptBuilder,
  REPLY_FRAMING_TOKENS,
} from './prompt.ts';
import { isObject, type Json, missing, wrongType, wrongValue } from './request-fields.ts';
import type { Simulation } from './simulation.ts';

export interface ChatPrompt {
  readonly prompt: Prompt;
  /** The last thing a user said. */
  readonly userText: string;
  /** The conversation ends with the result of a tool. */
  readonly hasResult: boolean;
}

/** What reading a message takes. */
interface Scene {
  readonly model: string;
  readonly hearsAudio: boolean;
  readonly simulation: Simulation;
  readonly builder: PromptBuilder;
}

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'];
/** OpenAI counts one token for each 100 ms of audio input. */
export const AUDIO_INPUT_TOKENS_PER_SECOND = 10;

/** `hearsAudio`: the model has a price for audio; others refuse it, as OpenAI does. */
export function readChatPrompt(
  body: Json,
  model: string,
  hearsAudio: boolean,
  simulation: Simulation,
): ChatPrompt {
  const scene: Scene = { model, hearsAudio, simulation, builder: createPromptBuilder(simulation.tokenizer) };
  const { builder } = scene;
  const messages = body['messages'] ?? missing('messages');
  if (!Array.isArray(messages)) wrongType('messages', 'an array of objects', messages);
  if (messages.length === 0) {
    throw invalidRequest(
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      'messages',
      'empty_array',
    );
  }
  builder.framing(REPLY_FRAMING_TOKENS);
  let userText = '';
  let role = '';
  for (const [index, message] of messages.entries()) {
    const where = `messages[${index}]`;
    if (!isObject(message)) wrongType(where, 'an object', message);
    role = readRole(message, where);
    const text = readMessage(message, where, scene);
    if (role === 'user') userText = text;
  }
  countTools(body, builder);
  return { prompt: builder.build(), userText, hasResult: role === 'tool' || role === 'function' };
}

function readRole(message: Json, where: string): string {
  const role = message['role'] ?? missing(`${where}.role`);
  if (typeof role !== 'string') wrongType(`${where}.role`, 'a string', role);
  if (!ROLES.includes(role)) wrongValue(`${where}.role`, role, ROLES);
  return role;
}

function readMessage(message: Json, where: string, scene: Scene): string {
  const { builder } = scene;
  builder.framing(MESSAGE_FRAMING_TOKENS);
  if (typeof message['name'] === 'string') {
    builder.framing(NAME_FRAMING_TOKENS);
    builder.text(message['name']);
  }
  const content = message['content'] ?? null;
  const calls = Array.isArray(message['tool_calls']) ? message['tool_calls'] : [];
  for (const call of calls) countCall(call, scene);
  if (content === null) {
    if (message['role'] === 'assistant') return '';
    throw invalidRequest(
      `Invalid value for 'content': expected a string, got null.`,
      `${where}.content`,
      'invalid_type',
    );
  }
  if (typeof content === 'string') {
    builder.text(content);
    return content;
  }
  if (!Array.isArray(content)) wrongType(`${where}.content`, 'one of a string or array of objects', content);
  return content.map((part, index) => readPart(part, `${where}.content[${index}]`, scene)).join(' ');
}

function readPart(part: unknown, where: string, scene: Scene): string {
  const { builder, model, hearsAudio } = scene;
  if (!isObject(part)) wrongType(where, 'an object', part);
  switch (part['type']) {
    case 'text':
    case 'refusal': {
      const text = part[part['type']] ?? missing(`${where}.${part['type']}`);
      if (typeof text !== 'string') wrongType(`${where}.${part['type']}`, 'a string', text);
      builder.text(text);
      return text;
    }
    case 'image_url': {
      const image = isObject(part['image_url']) ? part['image_url'] : missing(`${where}.image_url`);
      const url = image['url'] ?? missing(`${where}.image_url.url`);
      if (typeof url !== 'string') wrongType(`${where}.image_url.url`, 'a string', url);
      builder.image(pictureTokens(model, url, typeof image['detail'] === 'string' ? image['detail'] : null));
      return '';
    }
    case 'input_audio': {
      if (!hearsAudio) {
        throw invalidRequest(
          'This model does not support audio inputs.',
          `${where}.type`,
          'unsupported_value',
        );
      }
      const audio = isObject(part['input_audio']) ? part['input_audio'] : missing(`${where}.input_audio`);
      const bytes = Buffer.from(String(audio['data'] ?? ''), 'base64');
      builder.audio(Math.ceil(audioSeconds(bytes, `x.${audio['format']}`) * AUDIO_INPUT_TOKENS_PER_SECOND));
      return '';
    }
    case 'file': {
      const file = isObject(part['file']) ? part['file'] : missing(`${where}.file`);
      builder.framing(
        documentTokens(file['file_data'], file['file_id'], `${where}.file.file_id`, scene.simulation.files),
      );
      return '';
    }
    default:
      return wrongValue(`${where}.type`, part['type'], [
        'text',
        'image_url',
        'input_audio',
        'refusal',
        'file',
      ]);
  }
}

function countCall(call: unknown, { builder, simulation }: Scene): void {
  const made = isObject(call) && isObject(call['function']) ? call['function'] : {};
  builder.text(String(made['arguments'] ?? ''));
  builder.framing(callTokens(String(made['name'] ?? ''), 0, simulation.tokenizer));
}

function countTools(body: Json, builder: PromptBuilder): void {
  for (const tool of Array.isArray(body['tools']) ? body['tools'] : []) {
    builder.framing(FUNCTION_FRAMING_TOKENS);
    builder.text(JSON.stringify(isObject(tool) ? (tool['function'] ?? tool) : tool));
  }
  const format = body['response_format'];
  if (isObject(format) && isObject(format['json_schema'])) {
    builder.text(JSON.stringify(format['json_schema']['schema'] ?? {}));
  }
}
