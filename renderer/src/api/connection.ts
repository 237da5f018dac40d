import { createStore } from './store.ts';

/**
 * Whether events arrive. `connecting` before the first, `live` while they come, `lost` when the engine does
 * not answer and is tried again at `retryAt` (epoch milliseconds).
 */
export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  | { readonly state: 'lost'; readonly since: number; readonly retryAt: number };

export const connection = createStore<Connection>({ state: 'connecting' });
