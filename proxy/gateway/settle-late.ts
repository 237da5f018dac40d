import type { Hold } from '../admission/accountant.ts';
import type { LateKind } from '../ledger/entries.ts';
import type { App } from '../ledger/registry.ts';
import { boundCost, type WorstCase } from '../pricing/bound.ts';
import { announceParts } from './answered-object.ts';
import { askUpstream, type UpstreamAnswer } from './ask-upstream.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import type { RequestFacts } from './inspect/request-facts.ts';
import { type JsonAnswer, PassingJsonMeter } from './metering/json-answer.ts';
import { settleBatch } from './settle-batch.ts';
import {
  type Charge,
  chargeAbandonedStream,
  chargeAnswer,
  isFastTier,
  type SettlingFacts,
} from './settlement.ts';
import type { Admitted } from './spending-request.ts';

/** What settling late work will need; it waits in the ledger as JSON. */
export interface LateDetail {
  readonly settling: SettlingFacts;
  /** Of its bound: what a part of its answer would have cost. */
  readonly worst: WorstCase;
  /** The model whose price it was held at; null when that is not known, empty for the dearest. */
  readonly pricedAs: string | null;
  /** A conversation that it adds to. */
  readonly addsTo: string | null;
}

export interface LateObject {
  readonly seq: number;
  readonly kind: LateKind;
  readonly objectId: string;
  readonly hold: Hold;
  readonly app: App;
  readonly model: string;
  readonly detail: LateDetail;
  /** Since its hold was taken, in milliseconds. */
  readonly ageMs: number;
  /** Whether OpenAI was told by us to delete it. */
  readonly isDeleted: boolean;
}

export function lateDetailOf(
  { bounded }: Admitted,
  { worst, addsTo }: RequestFacts,
  settling: SettlingFacts,
): LateDetail {
  return {
    settling,
    worst: { ...worst, inputTokens: bounded.bound.inputTokens },
    pricedAs: bounded.row?.model ?? null,
    addsTo,
  };
}

/** What became of late work: its cost, null while that is not known, or that it is not there (any more). */
export type LateOutcome = Charge | 'missing' | null;

/**
 * Asks OpenAI how far late work is.
 * @throws when OpenAI cannot be asked
 */
export function settleLate(deps: GatewayDeps, late: LateObject): Promise<LateOutcome> {
  return late.kind === 'batch' ? settleBatch(deps, late) : settleResponse(deps, late);
}

/** Statuses of a response that has ended. */
const ENDED = new Set(['completed', 'incomplete', 'failed', 'cancelled']);

async function settleResponse(deps: GatewayDeps, late: LateObject): Promise<LateOutcome> {
  const meter = new PassingJsonMeter('responses');
  const { status } = await askAbout(deps, `/responses/${late.objectId}`, (chunk) => meter.push(chunk));
  if (status === 404) return late.isDeleted ? chargeWhatMayHaveRun(deps, late, 'object_gone') : 'missing';
  if (status >= 300) return null;
  const answer = meter.result();
  if (answer.status === null || !ENDED.has(answer.status)) return null;
  noteAnswer(deps, late, answer);
  // OpenAI bills what was generated until then and tells nobody how much that was.
  const isCutShort = answer.status === 'cancelled' || answer.status === 'failed';
  if (isCutShort && answer.metered.kind === 'missing') return chargeWhatMayHaveRun(deps, late, answer.status);
  const held = heldOf(late);
  return chargeAnswer(answer.metered, late.detail.settling, held, rowOf(deps, late), deps.book, deps.today());
}

/** The input, and what the model can have written since it began; within the hold. */
function chargeWhatMayHaveRun(deps: GatewayDeps, late: LateObject, reason: string): Charge {
  const { worst } = late.detail;
  const row = rowOf(deps, late);
  const held = heldOf(late);
  const progress = { visibleTokens: 0, elapsedMs: late.ageMs, isFastTier: isFastTier(worst.requestedTier) };
  const tokensCost = row && boundCost(row, deps.book.tools, worst, deps.today());
  const whole = tokensCost?.(held.outputTokens / worst.choices) ?? null;
  // What was held, less what a shorter answer does not cost: the fees of tools stay in.
  const costNanoUsd = (outputTokens: number): number | null => {
    const part = tokensCost?.(outputTokens) ?? null;
    return part === null || whole === null || held.nanoUsd === null ? null : held.nanoUsd - (whole - part);
  };
  return { ...chargeAbandonedStream(held, { choices: worst.choices, costNanoUsd }, progress), reason };
}

function noteAnswer(deps: GatewayDeps, late: LateObject, { answered, metered }: JsonAnswer): void {
  const atMs = deps.accountant.tick(deps.now());
  const owner = { appNum: late.app.num, atMs };
  const usage = metered.kind === 'usage' ? metered.parts[0]?.usage : undefined;
  const row = rowOf(deps, late);
  const known = usage && row ? { model: row.model, tokens: usage.inputTokens + usage.outputTokens } : {};
  deps.objects.announce({ id: late.objectId, kind: 'response', ...owner, ...known });
  if (answered) announceParts(deps, late.app.num, answered, true, late.detail.settling.containers);
}

/** @throws when there is no key, or no answer */
export async function askAbout(
  deps: GatewayDeps,
  path: string,
  onData?: (chunk: Buffer) => void,
): Promise<UpstreamAnswer> {
  const lease = deps.keys.lease();
  const authorization = lease?.authorization();
  try {
    if (!lease || !authorization) {
      await deps.keys.recover();
      throw new Error('there is no key to ask with');
    }
    const { value } = authorization;
    const question = { method: 'GET' as const, path, authorization: value, ...(onData ? { onData } : {}) };
    const answer = await askUpstream(deps.upstream, question);
    if (answer.status === 401) deps.keys.reportRejected(lease.generation);
    return answer;
  } finally {
    lease?.release();
  }
}

export function rowOf(deps: GatewayDeps, { detail }: Pick<LateObject, 'detail'>) {
  if (detail.pricedAs === null) return null;
  return deps.book.find(detail.pricedAs) ?? deps.book.dearest();
}

export function heldOf({ hold }: LateObject) {
  const { inputTokens, outputTokens } = hold.amounts;
  return { nanoUsd: hold.boundNanoUsd, inputTokens, outputTokens };
}
