import type { CostPart, Used } from './call-cost.ts';
import { type Container, sessionUnits } from './container-store.ts';
import type { HostedCall } from './hosted-call.ts';
import { isHostedShell, runCode, runShell } from './hosted-machines.ts';
import { callMcpTool, listMcpTools } from './hosted-mcp.ts';
import { makePicture } from './hosted-pictures.ts';
import { fileSearch, foundTokens, webSearch } from './hosted-searches.ts';
import { isObject, type Json } from './request-fields.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Simulation } from './simulation.ts';

/*
 * Tools that OpenAI runs inside a response. Their fees are not in `usage`: web searches are counted in
 * `tool_usage` and as items, file searches and containers as items alone, and pictures as tokens of their
 * own model in `tool_usage.image_gen`. What a tool finds is read by the model, so it adds input tokens.
 */
export interface HostedWork {
  readonly calls: readonly HostedCall[];
  /**
   * One entry for each time the model reads its context: before the first call, and after each of them.
   * It is what tools have put there by then, in tokens.
   */
  readonly turns: readonly number[];
  readonly fees: Pick<Used, 'webSearchCalls' | 'fileSearchCalls' | 'containerSessions'>;
  /** Null where no hosted tool reports any. */
  readonly toolUsage: unknown;
  /** Pictures, priced by their own model. */
  readonly pictures: CostPart | null;
}

export const NO_HOSTED_WORK: HostedWork = {
  calls: [],
  turns: [0],
  fees: { webSearchCalls: 0, fileSearchCalls: 0, containerSessions: 0 },
  toolUsage: null,
  pictures: null,
};

type Kind = 'web_search' | 'file_search' | 'code_interpreter' | 'image_generation' | 'shell' | 'mcp';

const ASKS: Readonly<Record<Kind, RegExp>> = {
  web_search: /\b(search|look up|latest|news|today|web)\b/i,
  file_search: /\b(search|files?|documents?)\b/i,
  code_interpreter: /\b(python|code|compute|calculate|plot)\b/i,
  image_generation: /\b(draw|image|picture|paint)\b/i,
  shell: /\b(shell|command|terminal|bash)\b/i,
  mcp: /\b(mcp|server|connector)\b/i,
};
const MOST_CALLS = 16;
const MOST_WEB_SEARCHES = 3;

export function planHostedWork(
  body: Json,
  userText: string,
  random: SeededRandom,
  simulation: Simulation,
): HostedWork {
  const tools = Array.isArray(body['tools']) ? body['tools'].filter(isObject) : [];
  const calls: HostedCall[] = [];
  const turns = [0];
  const containers = new Set<Container>();
  const fees = { webSearchCalls: 0, fileSearchCalls: 0, containerSessions: 0 };
  let pictures: CostPart | null = null;
  let left = typeof body['max_tool_calls'] === 'number' ? body['max_tool_calls'] : MOST_CALLS;
  const read = (): number => turns.at(-1) ?? 0;
  const endTurn = (tokens: number, ...made: readonly HostedCall[]): void => {
    calls.push(...made);
    turns.push(read() + tokens);
    left -= 1;
  };

  // Servers are asked for their tools before the model reads anything.
  for (const tool of tools) {
    if (kindOf(tool) !== 'mcp' || body['tool_choice'] === 'none') continue;
    const listed = listMcpTools(tool);
    calls.push(listed.call);
    turns[0] = read() + simulation.tokenizer.count(listed.text);
  }
  for (const tool of tools) {
    const kind = kindOf(tool);
    if (kind === null || left <= 0 || !isWanted(kind, body['tool_choice'], userText, tools.length)) continue;
    switch (kind) {
      case 'web_search': {
        const count = Math.min(random.between(1, MOST_WEB_SEARCHES), left);
        for (let made = 0; made < count; made++) endTurn(foundTokens(tool, random), webSearch(random));
        fees.webSearchCalls += count;
        break;
      }
      case 'file_search':
        endTurn(foundTokens({}, random), fileSearch(random));
        fees.fileSearchCalls += 1;
        break;
      case 'code_interpreter':
      case 'shell': {
        const work = kind === 'shell' ? runShell(tool, simulation) : runCode(tool, simulation);
        endTurn(simulation.tokenizer.count(work.printed), ...work.calls);
        containers.add(work.container);
        break;
      }
      case 'mcp': {
        const { call, text } = callMcpTool(tool, random);
        endTurn(simulation.tokenizer.count(text), call);
        break;
      }
      case 'image_generation': {
        const { call, part } = makePicture(tool, userText, random, simulation);
        endTurn(0, call);
        pictures = part;
      }
    }
  }
  // Two tools in one container share its session.
  for (const container of containers) fees.containerSessions += sessionUnits(container);
  return { calls, turns, fees, toolUsage: toolUsage(fees.webSearchCalls, pictures), pictures };
}

/**
 * Input tokens of a response whose prompt has so many. The model reads its whole context again after each
 * call, and OpenAI bills every reading; no single one exceeds the context window.
 */
export function inputTokensOf(
  work: HostedWork,
  promptTokens: number,
  contextTokens: number,
  rereadsContext: boolean,
): number {
  const readings = work.turns.map((found) => Math.min(promptTokens + found, contextTokens));
  return rereadsContext ? readings.reduce((sum, each) => sum + each, 0) : (readings.at(-1) ?? promptTokens);
}

function kindOf(tool: Json): Kind | null {
  const type = String(tool['type'] ?? '').replace(/_preview.*$|_20\d\d.*$/, '');
  if (type === 'shell' && !isHostedShell(tool)) return null;
  return Object.hasOwn(ASKS, type) ? (type as Kind) : null;
}

function isWanted(kind: Kind, choice: unknown, userText: string, toolCount: number): boolean {
  if (choice === 'none') return false;
  if (isObject(choice)) return String(choice['type'] ?? '').startsWith(kind);
  if (choice === 'required' && toolCount === 1) return true;
  return ASKS[kind].test(userText);
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
