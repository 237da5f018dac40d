import type { Hold } from '../admission/accountant.ts';
import type { App } from '../ledger/registry.ts';
import type { Finding, GatewayDeps } from './gateway-deps.ts';
import type { Charge } from './settlement.ts';

/** A request whose hold ends now, and how it went. */
export interface EndedRequest {
  readonly seq: number;
  readonly hold: Hold;
  readonly app: App;
  readonly endpoint: string;
  readonly model: string;
  readonly user: string | null;
  /** HTTP status of the answer; 0 when there was none. */
  readonly status: number;
  readonly durationMs: number;
  readonly firstByteMs: number | null;
  readonly upstreamId: string | null;
  /** What an observing app would have been refused for. */
  readonly observed: string | null;
}

type BookDeps = Pick<
  GatewayDeps,
  'accountant' | 'journal' | 'queue' | 'events' | 'ids' | 'now' | 'onFinding' | 'onSettled'
>;

/**
 * Ends a hold with what was used, in memory and in the ledger, tells what the user should know of it and
 * lets those go on who waited for the budget. Everything that ends a hold comes through here.
 */
export function bookEnd(deps: BookDeps, ended: EndedRequest, charge: Charge): void {
  const { seq, hold, app } = ended;
  const { usage, costNanoUsd } = charge;
  const held = hold.boundNanoUsd;
  const overageNanoUsd = held !== null && costNanoUsd !== null ? Math.max(0, costNanoUsd - held) : 0;
  deps.accountant.settle(hold, {
    nanoUsd: costNanoUsd ?? 0,
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    requests: 1,
  });
  deps.journal.append({
    kind: 'end',
    seq,
    atMs: hold.atMs,
    appNum: app.num,
    route: ended.endpoint,
    model: ended.model,
    user: ended.user,
    outcome: charge.outcome,
    status: ended.status,
    costNanoUsd,
    inputTokens: usage.inputTokens,
    cachedInputTokens: usage.cachedInputTokens,
    outputTokens: usage.outputTokens,
    reasoningTokens: usage.reasoningTokens,
    servedModel: charge.servedModel,
    serviceTier: charge.serviceTier,
    durationMs: ended.durationMs,
    firstByteMs: ended.firstByteMs,
    upstreamId: ended.upstreamId,
    reason: charge.reason ?? ended.observed,
    overageNanoUsd,
  });
  for (const finding of findingsOf(deps, ended, charge, overageNanoUsd)) deps.onFinding(finding);
  deps.onSettled(app);
  deps.events.onRequest(seq);
  deps.queue.retry(deps.now());
}

function findingsOf(
  { ids }: BookDeps,
  { seq, app, endpoint, model }: EndedRequest,
  { reason }: Charge,
  overageNanoUsd: number,
): Finding[] {
  const id = ids.format(seq);
  const findings: Finding[] = [];
  const add = (finding: Finding['finding'], detail: string): void => {
    findings.push({ finding, appNum: app.num, detail: `${id} ${detail}` });
  };
  if (reason === 'usage_missing' || reason === 'usage_bad') add(reason, `${endpoint} ${model}`);
  if (reason === 'price_unknown') add('usage_bad', `${endpoint} used what ${model} has no price for`);
  if (overageNanoUsd > 0) add('overage', `cost ${overageNanoUsd} nano-dollars above its hold`);
  return findings;
}
