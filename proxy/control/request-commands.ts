import { AppError, ERRORS, type ErrorCode, isErrorCode } from '../contract/errors.ts';
import type { RequestOutcome } from '../contract/request-words.ts';
import type { RequestDetail, RequestFilter, RequestPage } from '../contract/requests.ts';
import { EVERY_REQUEST, type RequestQuery, type RequestRow } from '../ledger/request-queries.ts';
import { requireApp } from './app-commands.ts';
import type { ControlDeps } from './control-deps.ts';
import { nowOf, readExactly } from './instants.ts';
import { requestView } from './views.ts';

/** A page that finds little comes back after this long, and says how far it has looked. */
const SEARCH_MS = 50;
const DAY_MS = 86_400_000;
const FACET_DAYS = 30;

/** @throws AppError `app_unknown` or `input_invalid` */
export function toQuery(deps: ControlDeps, filter: RequestFilter): RequestQuery {
  const nowMs = nowOf(deps);
  const { outcome } = filter;
  return {
    ...EVERY_REQUEST,
    appNum: filter.app === undefined ? null : requireApp(deps, filter.app).num,
    outcomes: outcome === undefined ? null : outcomesOf(outcome),
    model: filter.model ?? null,
    endpoint: filter.endpoint ?? null,
    user: filter.user ?? null,
    status: filter.status ?? null,
    reason: filter.reason ?? null,
    fromMs: readExactly(deps, filter.since, nowMs, false),
    toMs: readExactly(deps, filter.until, nowMs, true),
    minCostNanoUsd: filter.minCostNanoUsd ?? null,
  };
}

function outcomesOf(outcome: RequestOutcome | readonly RequestOutcome[]): RequestOutcome[] {
  return typeof outcome === 'string' ? [outcome] : [...new Set(outcome)];
}

export async function listRequests(
  deps: ControlDeps,
  filter: RequestFilter & { readonly limit: number; readonly before?: string | undefined },
): Promise<RequestPage> {
  const beforeSeq = filter.before === undefined ? null : deps.ids.parse(filter.before);
  if (filter.before !== undefined && beforeSeq === null) {
    throw new AppError('input_invalid', { problem: '`before` is not a request id of this ledger' });
  }
  const query = { ...toQuery(deps, filter), beforeSeq, limit: filter.limit, budgetMs: SEARCH_MS };
  await deps.journal.flush();
  const found = await deps.reports.query('requests', query);
  return {
    requests: found.rows.map((row) => requestView(deps, row)),
    next: found.beforeSeq === null ? null : deps.ids.format(found.beforeSeq),
    searchedTo: found.searchedToMs === null ? null : new Date(found.searchedToMs).toISOString(),
  };
}

/** @throws AppError `request_unknown` */
export async function requestDetail(deps: ControlDeps, id: string): Promise<RequestDetail> {
  const seq = deps.ids.parse(id);
  await deps.journal.flush();
  const row = seq === null ? null : await deps.reports.query('request', seq);
  if (!row) throw new AppError('request_unknown', { id: id.slice(0, 40) });
  const token = await deps.reports.query('token', row.token_id);
  return {
    request: requestView(deps, row),
    token: token && { id: token.id, label: token.label },
    address: row.address,
    holdInputTokens: row.hold_input,
    holdOutputTokens: row.hold_output,
    life: lifeOf(row),
    explanation: explain(row.reason),
    rule: row.rule === null ? null : ruleInWords(row.rule),
    price: deps.book.find(row.served_model ?? row.model) ?? deps.book.find(row.model),
  };
}

function lifeOf(row: RequestRow): RequestDetail['life'] {
  const at = (afterMs: number): string => new Date(row.at + afterMs).toISOString();
  if (row.outcome === 'refused') return [{ at: at(0), what: 'refused', nanoUsd: null }];
  const life: RequestDetail['life'] = [{ at: at(0), what: 'held', nanoUsd: row.hold_nano }];
  if (row.first_byte_ms !== null) life.push({ at: at(row.first_byte_ms), what: 'first-byte', nanoUsd: null });
  if (row.outcome !== 'open') {
    life.push({ at: at(row.duration_ms ?? 0), what: row.outcome, nanoUsd: row.cost_nano });
  }
  return life;
}

/** Why an outcome is not plain, where that is no error. */
const REASONS: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  interrupted: [
    'The engine ended while this request was under way.',
    'OpenAI may have billed it, so it was charged at the most it could cost.',
  ],
  usage_missing: ['The answer told no usage.', 'It was charged at the most it could cost.'],
  usage_bad: ['The answer told a usage that cannot be true.', 'It was charged at the most it could cost.'],
  never_ended: ['OpenAI never told the end of this work.', 'It was charged at the most it could cost.'],
  upstream_redirect: ['OpenAI answered with a redirect.', 'It was not followed.'],
  client_gone: [
    'The client left before the end of the stream.',
    'The stream was cut, and charged for what can have been produced until then.',
  ],
  priced_by_rule: [
    'The answer tells no usage; the cost follows from the request.',
    'Nothing needs to be done.',
  ],
  price_unknown: [
    'The answer used something that this model has no price for.',
    'It was charged at the dearest known rates. Set a price for the model.',
  ],
  image_model_unknown: ['Nobody named the model of its pictures.', 'They were priced like the dearest.'],
  unmetered: ['The route is passed on unmetered.', 'Its cost is unknown.'],
};

function explain(reason: string | null): RequestDetail['explanation'] {
  if (reason === null) return null;
  if (isErrorCode(reason)) return { message: plainMessage(reason), hint: ERRORS[reason].hint };
  const [message, hint] = REASONS[reason] ?? [];
  return message === undefined || hint === undefined ? null : { message, hint };
}

/** The message of the table without its slots: what stood in them was told to the client alone. */
function plainMessage(code: ErrorCode): string {
  return ERRORS[code].message.replace(/\s*[:(]?\s*"?\{\w+\}"?\)?/g, ' …').replace(/ …([.,])/g, ' …$1');
}

/** `app usd=5/day` is how the ledger keeps it. */
function ruleInWords(rule: string): string {
  const [place = '', limit = ''] = rule.split(' ', 2);
  const places: Readonly<Record<string, string>> = {
    key: 'of the whole key',
    app: 'of the app',
    user: 'of each end user',
    address: 'of each client address',
    run: 'of the run',
  };
  return `limit ${limit} ${places[place] ?? ''}`.trim();
}

/** What filters can be set to. */
export async function requestFacets(deps: ControlDeps) {
  await deps.journal.flush();
  const fromDay = Math.floor((nowOf(deps) - FACET_DAYS * DAY_MS) / DAY_MS);
  return deps.reports.query('facets', fromDay);
}
