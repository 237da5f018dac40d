import { createStore } from '../../api/store.ts';

/** The latest answer of OpenAI about the key that this page has asked for. */
export interface LastCheck {
  readonly at: string;
  readonly fingerprint: string | null;
  readonly ok: boolean;
  readonly message: string;
}

export const lastCheck = createStore<LastCheck | null>(null);
