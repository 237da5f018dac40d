import type { LateKind } from '../ledger/entries.ts';
import { boundWith, settlingOf } from './bound-exchange.ts';
import type { Exchange } from './exchange.ts';
import type { JsonAnswer } from './metering/json-answer.ts';
import type { Metered } from './metering/metered.ts';
import type { StreamMeter } from './metering/stream-meter.ts';
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

/** What an exchange is charged for an answer that came to its end; `date` is `YYYY-MM-DD` in UTC. */
export function chargeFor(exchange: Exchange, date: string, metered: Metered | null): Charge {
  const { facts, deps, route, held, priceRow } = exchange;
  if (route.access.kind === 'unmetered') return chargeUnmetered();
  if (route.access.kind !== 'metered' || !facts) return chargeFree(null);
  const known: Metered = metered ?? { kind: 'missing', model: null, serviceTier: null };
  return chargeAnswer(known, settlingOf(exchange, facts), held, priceRow, deps.book, date);
}

/** What an answer that broke off is charged: nothing where nothing costs, else what was held. */
export function chargeBroken({ route, held }: Exchange, reason: BoundReason): Charge {
  return route.access.kind === 'metered' ? chargeBound(held, reason) : chargeFree(null);
}

/** What a stream is charged that its client has left and that was cut at OpenAI, too. */
export function chargeLeft(
  exchange: Exchange,
  date: string,
  seen: StreamMeter | null,
  elapsedMs: number,
): Charge {
  const { held, route, facts, admitted } = exchange;
  const meter = route.access.kind === 'metered' ? route.access.meter : null;
  if (meter === null || !admitted) return chargeFree(null);
  // Only text grows token by token; an image or a sound may be finished before its first byte.
  if (meter !== 'chat' && meter !== 'completions' && meter !== 'responses') {
    return chargeBound(held, 'interrupted');
  }
  const metered = seen?.result();
  // Many clients leave as soon as they have the last event: what it says of the usage is exact.
  if (metered?.kind === 'usage') return chargeFor(exchange, date, metered);
  const { bounded } = admitted;
  // Of the turns that its tools might have led to, it has had those that were seen to begin.
  const { bound } = facts?.hosted ? boundWith(exchange, facts, bounded.row, seen?.toolCalls ?? 0) : bounded;
  const most = { ...held, inputTokens: Math.min(held.inputTokens, bound.inputTokens) };
  return chargeAbandonedStream(most, bound, {
    visibleTokens: seen?.visibleTokens ?? 0,
    elapsedMs,
    isFastTier: isFastTier(facts?.worst.requestedTier ?? null),
  });
}

/** What OpenAI goes on with after this answer, or null. */
export function lateObjectOf(
  { facts, route }: Exchange,
  { answered, metered, status }: JsonAnswer,
): { kind: LateKind; id: string } | null {
  const id = answered?.id ?? null;
  if (id === null || metered.kind === 'usage') return null;
  if (route.creates === 'batch') return { kind: 'batch', id };
  const isUnderway = status === 'queued' || status === 'in_progress';
  return facts?.isBackground && isUnderway ? { kind: 'response', id } : null;
}
