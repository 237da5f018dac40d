import { AppError } from '../contract/errors.ts';
import type { RequestOutcome } from '../contract/request-words.ts';
import type { RequestDetail, RequestFilter, RequestPage } from '../contract/requests.ts';
import { EVERY_REQUEST, type RequestQuery, type RequestRow } from '../ledger/request-queries.ts';
import { requireApp } from './app-commands.ts';
import type { ControlDeps } from './control-deps.ts';
import { explainReason } from './explain-reason.ts';
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
    explanation: explainReason(row.reason, { app: row.app_name ?? '', model: row.model, path: row.route }),
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
