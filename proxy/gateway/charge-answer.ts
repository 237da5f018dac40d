import type { LateKind } from '../ledger/entries.ts';
import { boundWith, settlingOf } from './bound-spending.ts';
import type { JsonAnswer } from './metering/json-answer.ts';
import type { Metered } from './metering/metered.ts';
import type { StreamMeter } from './metering/stream-meter.ts';
import type { MeterKind } from './route.ts';
import {
  type BoundReason,
  type Charge,
  chargeAbandonedStream,
  chargeAnswer,
  chargeBound,
  chargeFree,
  chargeUnmetered,
  isFastTier,
} from './settlement.ts';
import type { SpendingRequest } from './spending-request.ts';

/** What a request is charged for an answer that came to its end; `date` is `YYYY-MM-DD` in UTC. */
export function chargeFor(request: SpendingRequest, date: string, metered: Metered | null): Charge {
  const { facts, deps, route, held, priceRow } = request;
  if (route.access.kind === 'unmetered') return chargeUnmetered();
  if (route.access.kind !== 'metered' || !facts) return chargeFree(null);
  const known: Metered = metered ?? { kind: 'missing', model: null, serviceTier: null };
  const charge = chargeAnswer(known, settlingOf(request, facts), held, priceRow, deps.book, date);
  // The model may have a price, and what was asked of it none.
  return facts.unpriced !== null && !priceRow ? { ...charge, costNanoUsd: null } : charge;
}

/** What an answer that broke off is charged: nothing where nothing costs, else what was held. */
export function chargeBroken({ route, held }: SpendingRequest, reason: BoundReason): Charge {
  return route.access.kind === 'metered' ? chargeBound(held, reason) : chargeFree(null);
}

const GROWING: ReadonlySet<MeterKind> = new Set(['chat', 'completions', 'responses', 'realtime']);

/** What a stream is charged that its client has left and that was cut at OpenAI, too. */
export function chargeLeft(
  request: SpendingRequest,
  date: string,
  seen: Pick<StreamMeter, 'result' | 'visibleTokens' | 'toolCalls'> | null,
  elapsedMs: number,
): Charge {
  const { held, route, facts, admitted } = request;
  const meter = route.access.kind === 'metered' ? route.access.meter : null;
  if (meter === null || !admitted) return chargeFree(null);
  // What grows token by token; an image or a sound may be finished before its first byte.
  if (!GROWING.has(meter)) {
    return chargeBound(held, 'interrupted');
  }
  const metered = seen?.result();
  // Many clients leave as soon as they have the last event: what it says of the usage is exact.
  if (metered?.kind === 'usage') return chargeFor(request, date, metered);
  const { bounded } = admitted;
  // Of the turns that its tools might have led to, it has had those that were seen to begin.
  const { bound } = facts?.hosted ? boundWith(request, facts, bounded.row, seen?.toolCalls ?? 0) : bounded;
  const most = { ...held, inputTokens: Math.min(held.inputTokens, bound.inputTokens) };
  return chargeAbandonedStream(most, bound, {
    visibleTokens: seen?.visibleTokens ?? 0,
    elapsedMs,
    isFastTier: isFastTier(facts?.worst.requestedTier ?? null),
  });
}

/** What OpenAI goes on with after this answer, or null. */
export function lateObjectOf(
  { facts, route }: SpendingRequest,
  { answered, metered, status }: JsonAnswer,
): { kind: LateKind; id: string } | null {
  const id = answered?.id ?? null;
  if (id === null) return null;
  // What it says of its usage when it is made is not what it will have used.
  if (route.creates === 'batch') return { kind: 'batch', id };
  if (metered.kind === 'usage') return null;
  const isUnderway = status === 'queued' || status === 'in_progress';
  return facts?.isBackground && isUnderway ? { kind: 'response', id } : null;
}
