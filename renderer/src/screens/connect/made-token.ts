import { createStore } from '../../api/store.ts';

/** A token that was just made here, for as long as the page is open: it is told once and stored nowhere. */
export interface MadeToken {
  readonly appId: string;
  readonly token: string;
}

export const madeToken = createStore<MadeToken | null>(null);
