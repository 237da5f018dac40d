import type { AppError, ErrorCode } from '../contract/errors.ts';
import type { KeyKind } from './clean-key.ts';

export type KeyState =
  | { readonly status: 'unloaded' }
  /** `storeError`: the key in memory is in use although the store could not be read again. */
  | (KeyFacts & { readonly status: 'ready'; readonly storeError: AppError | null })
  /** Upstream answered 401 to this key; nothing is forwarded until it is replaced or tried again. */
  | (KeyFacts & { readonly status: 'rejected' })
  | { readonly status: 'missing' }
  | { readonly status: 'unavailable'; readonly error: AppError };

export interface KeyFacts {
  readonly generation: number;
  readonly fingerprint: string;
  readonly kind: KeyKind;
}

export interface NoAuthorization {
  readonly ok: false;
  readonly code: Extract<ErrorCode, 'key_unavailable' | 'key_rejected'>;
  /** For the `{problem}` slot of the code's message. */
  readonly problem: string;
}

/** Two states with the same name are the same news. */
export function nameOf(state: KeyState): string {
  switch (state.status) {
    case 'ready':
      return `ready ${state.generation} ${state.storeError?.code ?? ''}`;
    case 'rejected':
      return `rejected ${state.generation}`;
    case 'unavailable':
      return `unavailable ${state.error.message}`;
    default:
      return state.status;
  }
}

/** Why there is no key to send, to be put behind a colon. */
export function problemIn(state: KeyState): string {
  switch (state.status) {
    case 'missing':
      return 'none is stored';
    case 'unavailable':
      return clauseOf(state.error);
    default:
      return 'it is not loaded yet';
  }
}

function clauseOf({ code, message, details }: AppError): string {
  if (code === 'key_unavailable') return String(details['problem']);
  return message.replace(/\.$/, '').replace(/^(The|There|This|No) /, (word) => word.toLowerCase());
}
