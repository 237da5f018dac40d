import { useSyncExternalStore } from 'react';
import type { ShellState } from '../../../proxy/contract/shell.ts';
import { shell } from './client.ts';
import { createStore } from './store.ts';

const RETRY_MS = 2_000;
const shellState = createStore<ShellState | null>(null);
let isFollowing = false;

/** How the desktop app and its engine are; null in a browser, and until the shell has answered. */
export function useShellState(): ShellState | null {
  return useSyncExternalStore(follow, shellState.get);
}

function follow(listener: () => void): () => void {
  if (shell !== null && !isFollowing) {
    isFollowing = true;
    void read(shell);
  }
  return shellState.subscribe(listener);
}

/** The shell is the process that shows this page: while the page lives, it can be asked again. */
async function read(client: NonNullable<typeof shell>): Promise<void> {
  for (;;) {
    try {
      for await (const state of await client.follow()) shellState.set(state);
    } catch {
      shellState.set(null);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
