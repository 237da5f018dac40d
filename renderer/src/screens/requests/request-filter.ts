import { OUTCOMES, type RequestOutcome } from '../../../../proxy/contract/request-words.ts';
import type { RequestFilter, RequestView } from '../../../../proxy/contract/requests.ts';
import type { SearchText } from '../../router/search.ts';

/** How the log is filtered, as the address says it. What the engine cannot search for is `text`. */
export interface LogFilter {
  readonly engine: RequestFilter;
  /** Looked for in the page, in everything that a row shows; lower case. */
  readonly text: string;
  readonly isEmpty: boolean;
}

/** Names in the address, in the order of the filter bar. */
export const FILTER_NAMES = [
  'text',
  'app',
  'model',
  'endpoint',
  'outcome',
  'status',
  'user',
  'reason',
  'since',
  'until',
  'minCostNanoUsd',
] as const;

/** Takes any address: what means nothing is left out, so that the engine has nothing to refuse. */
export function parseLogFilter(search: Readonly<SearchText>): LogFilter {
  const plain = (name: string, maxLength: number): string | undefined => {
    const text = search[name];
    return text === undefined || text === '' || text.length > maxLength ? undefined : text;
  };
  const status = Number(search['status'] ?? Number.NaN);
  const minCost = Number(search['minCostNanoUsd'] ?? Number.NaN);
  const outcomes = (search['outcome'] ?? '').split(',').filter(isOutcome);
  const engine = withoutUnset({
    app: plain('app', 100),
    model: plain('model', 256),
    endpoint: plain('endpoint', 200),
    user: plain('user', 256),
    reason: plain('reason', 100),
    since: plain('since', 40),
    until: plain('until', 40),
    status: Number.isInteger(status) && status >= 0 && status <= 599 ? status : undefined,
    minCostNanoUsd: Number.isSafeInteger(minCost) && minCost >= 0 ? minCost : undefined,
    outcome: outcomes.length === 0 ? undefined : outcomes,
  });
  const text = (search['text'] ?? '').trim().toLowerCase();
  return { engine, text, isEmpty: text === '' && Object.keys(engine).length === 0 };
}

function isOutcome(text: string): text is RequestOutcome {
  return (OUTCOMES as readonly string[]).includes(text);
}

type Set<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

function withoutUnset<Fields extends object>(fields: Fields): Set<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Set<Fields>;
}

/**
 * Whether a row that an event told of belongs into the list. Times are the engine's to judge: what is told
 * now is after any `since`, and a list with an end takes nothing new.
 */
export function isWanted(request: RequestView, { engine, text }: LogFilter): boolean {
  const { app, outcome, minCostNanoUsd } = engine;
  if (app !== undefined && request.appId !== app && request.app !== app) return false;
  if (Array.isArray(outcome) && !outcome.includes(request.outcome)) return false;
  if (minCostNanoUsd !== undefined && (request.costNanoUsd ?? -1) < minCostNanoUsd) return false;
  if (engine.user !== undefined && (request.user ?? '') !== engine.user) return false;
  for (const name of ['model', 'endpoint', 'status', 'reason'] as const) {
    if (engine[name] !== undefined && request[name] !== engine[name]) return false;
  }
  return hasText(request, text);
}

/** What the text is looked for in; an export has columns of the same names. */
export const TEXT_FIELDS = [
  'id',
  'app',
  'model',
  'servedModel',
  'endpoint',
  'user',
  'reason',
  'upstreamId',
  'status',
  'outcome',
] as const satisfies readonly (keyof RequestView)[];

export function hasText(fields: Readonly<Partial<Record<string, unknown>>>, text: string): boolean {
  if (text === '') return true;
  return TEXT_FIELDS.some((name) =>
    String(fields[name] ?? '')
      .toLowerCase()
      .includes(text),
  );
}
