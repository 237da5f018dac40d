import { announceKept } from './answered-object.ts';
import type { OwnedObject } from './owned-objects.ts';
import type { Charge } from './settlement.ts';
import type { SpendingRequest } from './spending-request.ts';

/** A conversation that a request adds to, and what was known of it before. */
export interface ContextAddition {
  readonly id: string;
  readonly epoch: number;
  readonly before: Pick<OwnedObject, 'model' | 'tokens'>;
}

/** To be called when a request that adds to a conversation is sent. */
export function beginAddition(request: SpendingRequest, id: string): void {
  const { deps } = request;
  const before = deps.objects.get(id);
  if (!before) return;
  const epoch = deps.objects.beginAddition(id, deps.accountant.tick(deps.now()));
  request.addition = { id, epoch, before };
}

/**
 * Remembers what is known of the context that a response, or the conversation it belongs to, carries
 * from now on: what it had read and what it has written. It bounds the input of whatever continues it.
 */
export function noteContext(request: SpendingRequest, charge: Charge, status: number): void {
  const { deps, addition, facts } = request;
  const row = request.priceRow;
  const isExact = charge.outcome === 'settled' && charge.usage.inputTokens > 0;
  const known = isExact && row ? contextOf(charge, row.model) : UNKNOWN_CONTEXT;
  announceKept(request, known);
  if (!addition) return;
  const added = facts?.addsBytes ?? null;
  const after = status >= 400 ? addition.before : added === null ? known : grown(addition, added);
  deps.objects.endAddition(addition.id, addition.epoch, after, deps.accountant.tick(deps.now()));
}

export const UNKNOWN_CONTEXT: Pick<OwnedObject, 'model' | 'tokens'> = { model: null, tokens: null };

function contextOf({ usage }: Charge, model: string): Pick<OwnedObject, 'model' | 'tokens'> {
  return { model, tokens: usage.inputTokens + usage.outputTokens };
}

/** Plain text has at most a token for each of its bytes. */
function grown({ before }: ContextAddition, bytes: number): Pick<OwnedObject, 'model' | 'tokens'> {
  return before.tokens === null ? UNKNOWN_CONTEXT : { model: before.model, tokens: before.tokens + bytes };
}
