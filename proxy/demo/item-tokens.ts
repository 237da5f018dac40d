import { documentTokens } from './document-tokens.ts';
import { requireFile } from './file-store.ts';
import { pictureTokens, pictureUrl } from './picture-tokens.ts';
import { callTokens } from './planned-output.ts';
import { createPromptBuilder, MESSAGE_FRAMING_TOKENS, type Prompt, type PromptBuilder } from './prompt.ts';
import { isObject, type Json, missing, wrongType, wrongValue } from './request-fields.ts';
import type { Simulation } from './simulation.ts';

export interface CountedItems {
  readonly prompt: Prompt;
  /** The last thing a user said. */
  readonly userText: string;
  /** They end with the result of a tool. */
  readonly hasResult: boolean;
}

interface Scene {
  readonly model: string;
  readonly simulation: Simulation;
  readonly builder: PromptBuilder;
}

const PARTS = ['input_text', 'input_image', 'output_text', 'refusal', 'input_file'];

/** What items are as input of a model. `param` is the field they came in. Throws OpenAiError. */
export function countItems(
  items: readonly Json[],
  param: string,
  model: string,
  simulation: Simulation,
): CountedItems {
  const scene: Scene = { model, simulation, builder: createPromptBuilder(simulation.tokenizer) };
  let userText = '';
  let type = '';
  for (const [index, item] of items.entries()) {
    type = String(item['type']);
    if (type !== 'message') {
      countItem(item, type, scene);
      continue;
    }
    scene.builder.framing(MESSAGE_FRAMING_TOKENS);
    const parts = Array.isArray(item['content']) ? item['content'] : [];
    const texts = parts.map((part, at) => readPart(part, `${param}[${index}].content[${at}]`, scene));
    if (item['role'] === 'user') userText = texts.join(' ');
  }
  return { prompt: scene.builder.build(), userText, hasResult: type.endsWith('_output') };
}

function readPart(part: unknown, where: string, { builder, model, simulation }: Scene): string {
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
      const detail = typeof part['detail'] === 'string' ? part['detail'] : null;
      const url =
        typeof part['file_id'] === 'string'
          ? pictureUrl(requireFile(simulation.files, part['file_id'], `${where}.file_id`).bytes)
          : (part['image_url'] ?? missing(`${where}.image_url`));
      if (typeof url !== 'string') wrongType(`${where}.image_url`, 'a string', url);
      builder.image(pictureTokens(model, url, detail));
      return '';
    }
    case 'input_file':
      builder.framing(
        documentTokens(part['file_data'], part['file_id'], `${where}.file_id`, simulation.files),
      );
      return '';
    default:
      return wrongValue(`${where}.type`, part['type'], PARTS);
  }
}

function countItem(item: Json, type: string, { builder, model, simulation }: Scene): void {
  switch (type) {
    case 'function_call':
      builder.framing(callTokens(String(item['name'] ?? ''), 0, simulation.tokenizer));
      builder.text(String(item['arguments'] ?? ''));
      return;
    case 'function_call_output':
    case 'custom_tool_call_output':
      builder.framing(MESSAGE_FRAMING_TOKENS);
      builder.text(textOfOutput(item['output']));
      return;
    case 'mcp_call':
      builder.framing(callTokens(String(item['name'] ?? ''), 0, simulation.tokenizer));
      builder.text(String(item['arguments'] ?? ''));
      builder.text(textOfOutput(item['output']));
      return;
    case 'image_generation_call':
      builder.framing(MESSAGE_FRAMING_TOKENS);
      if (typeof item['result'] === 'string')
        builder.image(pictureTokens(model, `data:;base64,${item['result']}`, null));
      return;
    case 'compaction':
      builder.framing(MESSAGE_FRAMING_TOKENS);
      builder.text(Buffer.from(String(item['encrypted_content'] ?? ''), 'base64').toString('utf8'));
      return;
    // Thinking of earlier turns is dropped; calls of the other hosted tools cost their framing.
    default:
      builder.framing(MESSAGE_FRAMING_TOKENS);
  }
}

function textOfOutput(output: unknown): string {
  if (output === undefined || output === null) return '';
  return typeof output === 'string' ? output : JSON.stringify(output);
}
