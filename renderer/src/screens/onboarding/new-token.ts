import { createStore } from '../../api/store.ts';

/** The token of the app that was just made: told once, so it stays in the memory of this page alone. */
export const newToken = createStore<{ readonly appId: string; readonly token: string } | null>(null);
