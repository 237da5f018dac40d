import type { PriceRow } from '../contract/prices.ts';
import { announceKept } from './answered-object.ts';
import type { ContextAddition, OwnedObject } from './owned-objects.ts';
import type { Charge } from './settlement.ts';
import type { SpendingRequest } from './spending-request.ts';

type Context = Pick<OwnedObject, 'model' | 'tokens'>;

export const UNKNOWN_CONTEXT: Context = { model: null, tokens: null };

/**
 * To be called before the hold of a request that adds to a conversation is written: what is not known any
 * more is then durable before a byte is sent.
 */
export function beginAddition(request: SpendingRequest, id: string): void {
  const { deps } = request;
  request.addition = deps.objects.beginAddition(id, deps.accountant.tick(deps.now()));
}

/** For a request that is not sent after all. */
export function takeAdditionBack({ deps, addition }: SpendingRequest): void {
  if (addition) deps.objects.endAddition(addition, addition.before, deps.accountant.tick(deps.now()));
}

/**
 * Remembers what is known of the context that a response, or the conversation it belongs to, carries
 * from now on: what it had read and what it has written. It bounds the input of whatever continues it.
 */
export function noteContext(request: SpendingRequest, charge: Charge, status: number): void {
  const { deps, addition, facts } = request;
  const known = contextAfter(charge, request.priceRow);
  announceKept(request, known);
  if (!addition) return;
  const added = facts?.addsBytes ?? null;
  const grown = added === null ? known : withBytes(addition, added);
  const after = isWithoutEffect(charge, status) ? addition.before : grown;
  deps.objects.endAddition(addition, after, deps.accountant.tick(deps.now()));
}

/** What a response has read and written, where its answer has told. */
export function contextAfter({ outcome, usage }: Charge, row: PriceRow | null): Context {
  const isExact = outcome === 'settled' && usage.inputTokens > 0;
  return isExact && row
    ? { model: row.model, tokens: usage.inputTokens + usage.outputTokens }
    : UNKNOWN_CONTEXT;
}

/** Whether OpenAI cannot have added anything: it was not asked, or has said no. After a fault of its own it may. */
function isWithoutEffect({ outcome, reason }: Charge, status: number): boolean {
  return outcome === 'voided' && (reason === 'never_sent' || status < 500);
}

/** Plain text has at most a token for each of its bytes. */
function withBytes({ before }: ContextAddition, bytes: number): Context {
  return before.tokens === null ? UNKNOWN_CONTEXT : { model: before.model, tokens: before.tokens + bytes };
}
