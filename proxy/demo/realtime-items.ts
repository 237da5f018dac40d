import { objectId } from './object-ids.ts';
import { invalidRequest } from './openai-error.ts';
import { pictureTokens } from './picture-tokens.ts';
import { callTokens } from './planned-output.ts';
import { MESSAGE_FRAMING_TOKENS } from './prompt.ts';
import { heardTokens, spokenTokens } from './realtime-audio.ts';
import { isObject, type Json, missing, wrongType, wrongValue } from './request-fields.ts';
import type { Simulation } from './simulation.ts';

export interface TokensByKind {
  readonly text: number;
  readonly audio: number;
  readonly image: number;
}

/** One item of a realtime conversation. */
export interface RealtimeItem {
  readonly id: string;
  /** As clients see it: sound is not repeated. */
  shown: Json;
  /** As input of a response. */
  tokens: TokensByKind;
  /** Counts changes, so that a cached item is told from what became of it. */
  version: number;
  /** What it says, for the model to go by. */
  text: string;
}

export const NO_TOKENS: TokensByKind = { text: 0, audio: 0, image: 0 };
const TYPES = ['message', 'function_call', 'function_call_output'];
const ROLES = ['system', 'user', 'assistant'];
const PARTS = ['input_text', 'input_audio', 'input_image', 'output_text', 'output_audio'];

export function addTokens(left: TokensByKind, right: TokensByKind): TokensByKind {
  return { text: left.text + right.text, audio: left.audio + right.audio, image: left.image + right.image };
}

export function totalTokens({ text, audio, image }: TokensByKind): number {
  return text + audio + image;
}

/** An item that a client sends. Throws OpenAiError. */
export function readRealtimeItem(
  given: unknown,
  model: string,
  perSecond: number,
  simulation: Simulation,
): RealtimeItem {
  if (!isObject(given)) wrongType('item', 'an object', given);
  const id = typeof given['id'] === 'string' ? given['id'] : objectId('item_', 10);
  const shared = { ...given, id, object: 'realtime.item', status: 'completed' };
  const { tokenizer } = simulation;
  switch (given['type']) {
    case 'function_call': {
      const sent = String(given['arguments'] ?? '');
      const text = callTokens(String(given['name'] ?? ''), tokenizer.count(sent), tokenizer);
      return { id, shown: shared, tokens: { ...NO_TOKENS, text }, version: 0, text: sent };
    }
    case 'function_call_output': {
      const output = String(given['output'] ?? '');
      const text = MESSAGE_FRAMING_TOKENS + tokenizer.count(output);
      return { id, shown: shared, tokens: { ...NO_TOKENS, text }, version: 0, text: output };
    }
    case 'message': {
      const role = String(given['role'] ?? missing('item.role'));
      if (!ROLES.includes(role)) wrongValue('item.role', role, ROLES);
      const content = given['content'] ?? missing('item.content');
      if (!Array.isArray(content)) wrongType('item.content', 'an array of objects', content);
      const parts = content.map((part, index) =>
        readPart(part, `item.content[${index}]`, model, perSecond, simulation),
      );
      return {
        id,
        shown: { ...shared, content: parts.map((each) => each.shown) },
        tokens: parts.reduce((sum, each) => addTokens(sum, each.tokens), {
          ...NO_TOKENS,
          text: MESSAGE_FRAMING_TOKENS,
        }),
        version: 0,
        text: parts.map((each) => each.text).join(' '),
      };
    }
    default:
      // Items of MCP servers are not simulated.
      return wrongValue('item.type', given['type'], TYPES);
  }
}

interface ReadPart {
  readonly shown: Json;
  readonly tokens: TokensByKind;
  readonly text: string;
}

function readPart(
  part: unknown,
  where: string,
  model: string,
  perSecond: number,
  simulation: Simulation,
): ReadPart {
  if (!isObject(part)) wrongType(where, 'an object', part);
  const { tokenizer } = simulation;
  switch (part['type']) {
    case 'input_text':
    case 'output_text': {
      const text = part['text'] ?? missing(`${where}.text`);
      if (typeof text !== 'string') wrongType(`${where}.text`, 'a string', text);
      return { shown: part, tokens: { ...NO_TOKENS, text: tokenizer.count(text) }, text };
    }
    case 'input_audio':
    case 'output_audio': {
      const isHeard = part['type'] === 'input_audio';
      const audio = part['audio'] ?? (isHeard ? missing(`${where}.audio`) : '');
      if (typeof audio !== 'string') wrongType(`${where}.audio`, 'a string', audio);
      const bytes = Buffer.from(audio, 'base64').length;
      const transcript = typeof part['transcript'] === 'string' ? part['transcript'] : null;
      const tokens = isHeard
        ? { ...NO_TOKENS, audio: heardTokens(bytes, perSecond) }
        : { ...NO_TOKENS, audio: spokenTokens(bytes, perSecond), text: tokenizer.count(transcript ?? '') };
      return { shown: { type: part['type'], transcript }, tokens, text: transcript ?? '' };
    }
    case 'input_image': {
      const url = part['image_url'] ?? missing(`${where}.image_url`);
      if (typeof url !== 'string' || !url.startsWith('data:')) {
        throw invalidRequest('Expected a data URL.', `${where}.image_url`, 'invalid_value');
      }
      const detail = typeof part['detail'] === 'string' ? part['detail'] : null;
      return { shown: part, tokens: { ...NO_TOKENS, image: pictureTokens(model, url, detail) }, text: '' };
    }
    default:
      return wrongValue(`${where}.type`, part['type'], PARTS);
  }
}
