import type { RequestView } from '../../../../proxy/contract/requests.ts';

/**
 * What a row is to the reader. `blocked` is Tollgate's own doing and `upstream-error` is OpenAI's: they look
 * different wherever they are shown.
 */
export type RequestKind =
  | 'running'
  | 'settled'
  | 'estimated'
  | 'at-bound'
  | 'blocked'
  | 'upstream-error'
  | 'voided';

type Told = Pick<RequestView, 'outcome' | 'status' | 'reason'>;

export function kindOf({ outcome, status, reason }: Told): RequestKind {
  switch (outcome) {
    case 'open':
      return 'running';
    case 'refused':
      return 'blocked';
    case 'charged-at-bound':
      return 'at-bound';
    case 'voided':
      return (status ?? 0) >= 400 || /^(upstream_|key_rejected)/.test(reason ?? '')
        ? 'upstream-error'
        : 'voided';
    default:
      return outcome;
  }
}

/** Why the cost of a row is unknown; null when it is known, or not yet to be known. */
export function unknownCost(request: RequestView): 'unpriced' | 'unmetered' | null {
  if (request.outcome === 'open' || request.costNanoUsd !== null) return null;
  return request.reason === 'unmetered' ? 'unmetered' : 'unpriced';
}
