import type { CostPart, Used } from './call-cost.ts';
import { NOTHING_USED } from './call-cost.ts';
import { objectId } from './object-ids.ts';
import { invalidRequest, modelNotFound } from './openai-error.ts';
import { pictureOutputTokens, picturePng } from './picture.ts';
import { phrase } from './prose.ts';
import { isObject, type Json } from './request-fields.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Simulation } from './simulation.ts';

/*
 * Tools that OpenAI runs inside a response. Their fees are not in `usage`: web searches are counted in
 * `tool_usage` and as items, file searches and containers as items alone, and pictures as tokens of their
 * own model in `tool_usage.image_gen`. What a search finds is read by the model, so it adds input tokens.
 */
export interface HostedCall {
  /** The finished output item. */
  readonly item: Json & { readonly id: string; readonly type: string };
  /** Name of its events: `response.{events}.in_progress` and so on. */
  readonly events: string;
  /** Between `in_progress` and `completed`. */
  readonly activity: string;
}

export interface HostedWork {
  readonly calls: readonly HostedCall[];
  /** Text that tools put before the model. */
  readonly inputTokens: number;
  readonly fees: Pick<Used, 'webSearchCalls' | 'fileSearchCalls' | 'containerSessions'>;
  /** Null where no hosted tool reports any. */
  readonly toolUsage: unknown;
  /** Pictures, priced by their own model. */
  readonly pictures: CostPart | null;
}

/** Used where the image tool names no model. */
export const DEFAULT_PICTURE_MODEL = 'gpt-image-2';

const ASKS: Readonly<Record<string, RegExp>> = {
  web_search: /\b(search|look up|latest|news|today|web)\b/i,
  file_search: /\b(search|files?|documents?)\b/i,
  code_interpreter: /\b(python|code|compute|calculate|plot)\b/i,
  image_generation: /\b(draw|image|picture|paint)\b/i,
};
const FOUND_TOKENS = { min: 300, max: 900 };

export function planHostedWork(
  body: Json,
  userText: string,
  random: SeededRandom,
  simulation: Simulation,
): HostedWork {
  const tools = Array.isArray(body['tools']) ? body['tools'].filter(isObject) : [];
  const most = typeof body['max_tool_calls'] === 'number' ? body['max_tool_calls'] : 16;
  const calls: HostedCall[] = [];
  const fees = { webSearchCalls: 0, fileSearchCalls: 0, containerSessions: 0 };
  let inputTokens = 0;
  let pictures: CostPart | null = null;
  for (const tool of tools) {
    const kind = kindOf(tool);
    if (kind === null || calls.length >= most || !isWanted(kind, body['tool_choice'], userText, tools.length))
      continue;
    if (kind === 'web_search') {
      const count = Math.min(random.between(1, 3), most - calls.length);
      for (let made = 0; made < count; made++) {
        calls.push(webSearch(random));
        inputTokens += random.between(FOUND_TOKENS.min, FOUND_TOKENS.max);
      }
      fees.webSearchCalls += count;
    } else if (kind === 'file_search') {
      calls.push(fileSearch(random));
      inputTokens += random.between(FOUND_TOKENS.min, FOUND_TOKENS.max);
      fees.fileSearchCalls += 1;
    } else if (kind === 'code_interpreter') {
      calls.push(codeInterpreter(tool));
      fees.containerSessions += 1;
    } else {
      const made = makePicture(tool, userText, random, simulation);
      calls.push(made.call);
      pictures = made.part;
    }
  }
  return { calls, inputTokens, fees, toolUsage: toolUsage(fees.webSearchCalls, pictures), pictures };
}

function kindOf(tool: Json): keyof typeof ASKS | null {
  const type = String(tool['type'] ?? '').replace(/_preview.*$|_20\d\d.*$/, '');
  return Object.hasOwn(ASKS, type) ? type : null;
}

function isWanted(kind: string, choice: unknown, userText: string, toolCount: number): boolean {
  if (choice === 'none') return false;
  if (isObject(choice)) return String(choice['type'] ?? '').startsWith(kind);
  if (choice === 'required' && toolCount === 1) return true;
  return ASKS[kind]?.test(userText) ?? false;
}

function webSearch(random: SeededRandom): HostedCall {
  const query = phrase(random);
  return {
    item: {
      id: objectId('ws_'),
      type: 'web_search_call',
      status: 'completed',
      action: { type: 'search', query, queries: [query] },
    },
    events: 'web_search_call',
    activity: 'searching',
  };
}

function fileSearch(random: SeededRandom): HostedCall {
  return {
    item: {
      id: objectId('fs_'),
      type: 'file_search_call',
      status: 'completed',
      queries: [phrase(random)],
      results: null,
    },
    events: 'file_search_call',
    activity: 'searching',
  };
}

function codeInterpreter(tool: Json): HostedCall {
  if (typeof tool['container'] === 'string') {
    throw invalidRequest(
      `Container with id '${tool['container']}' not found.`,
      'tools',
      'container_not_found',
      404,
    );
  }
  return {
    item: {
      id: objectId('ci_'),
      type: 'code_interpreter_call',
      status: 'completed',
      container_id: objectId('cntr_'),
      code: 'print(sum(range(10)))',
      outputs: null,
    },
    events: 'code_interpreter_call',
    activity: 'interpreting',
  };
}

function makePicture(
  tool: Json,
  userText: string,
  random: SeededRandom,
  simulation: Simulation,
): { call: HostedCall; part: CostPart } {
  const name = typeof tool['model'] === 'string' ? tool['model'] : DEFAULT_PICTURE_MODEL;
  const model = simulation.catalog.find(name);
  if (model?.kind !== 'image') throw modelNotFound(name);
  const size = typeof tool['size'] === 'string' ? tool['size'] : 'auto';
  const quality = typeof tool['quality'] === 'string' ? tool['quality'] : 'auto';
  const outputTokens = pictureOutputTokens(size, quality);
  const inputTokens = simulation.tokenizer.count(userText);
  const item = {
    id: objectId('ig_'),
    type: 'image_generation_call',
    status: 'completed',
    result: picturePng(random.between(0, 1_000_000)).toString('base64'),
    output_format: 'png',
    revised_prompt: userText,
  };
  const used = { ...NOTHING_USED, inputTokens, outputTokens, imageOutputTokens: outputTokens };
  return {
    call: { item, events: 'image_generation_call', activity: 'generating' },
    part: { row: model.row, tierPermille: 1000, used },
  };
}

function toolUsage(webSearchCalls: number, pictures: CostPart | null): unknown {
  if (webSearchCalls === 0 && pictures === null) return null;
  const input = pictures?.used.inputTokens ?? 0;
  const output = pictures?.used.outputTokens ?? 0;
  return {
    image_gen: {
      input_tokens: input,
      input_tokens_details: { image_tokens: 0, text_tokens: input },
      output_tokens: output,
      output_tokens_details: { image_tokens: output, text_tokens: 0 },
      total_tokens: input + output,
    },
    web_search: { num_requests: webSearchCalls },
  };
}
