import { DESKTOP_ORIGIN } from '../../../proxy/contract/shell-words.ts';
import { createStore } from './store.ts';

/** Whether the page is in the desktop app, where the shell answers and no session is needed. */
export const isDesktop = location.origin === DESKTOP_ORIGIN;

const SESSION_ITEM = 'tollgate.session';

/**
 * `none`: opened without a link. `used`: the link was opened before, or has run out. `attempts`: too many
 * wrong links. `ended`: the session is over. `unreachable`: nothing answered.
 */
export type SessionProblem = 'none' | 'used' | 'attempts' | 'ended' | 'unreachable';

export type SessionState =
  | { readonly state: 'opening' }
  | { readonly state: 'open' }
  | { readonly state: 'closed'; readonly problem: SessionProblem };

export const session = createStore<SessionState>({ state: isDesktop ? 'open' : 'opening' });

/** In this tab alone: another tab, and the next start of the browser, need a link of their own. */
export function sessionToken(): string | null {
  return isDesktop ? null : sessionStorage.getItem(SESSION_ITEM);
}

/** Said by any call that the engine no longer knows the session. */
export function endSession(): void {
  if (isDesktop) return;
  sessionStorage.removeItem(SESSION_ITEM);
  session.set({ state: 'closed', problem: 'ended' });
}

/**
 * Opens the session: of the link in the fragment, which leaves the address bar before it is used, or else
 * of the session that this tab has.
 */
export async function openSession(): Promise<void> {
  if (isDesktop) return;
  const secret = new URLSearchParams(location.hash.slice(1)).get('link');
  if (secret !== null) {
    history.replaceState(history.state, '', location.pathname + location.search);
    session.set(await exchange(secret));
  } else {
    session.set(sessionToken() === null ? { state: 'closed', problem: 'none' } : { state: 'open' });
  }
}

async function exchange(link: string): Promise<SessionState> {
  let answer: Response;
  try {
    answer = await fetch('/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ link }),
    });
  } catch {
    // Whatever fetch says of it, nothing has answered.
    return { state: 'closed', problem: 'unreachable' };
  }
  const body: unknown = await answer.json().catch(() => null);
  const token = field(body, 'session');
  if (answer.ok && token !== null) {
    sessionStorage.setItem(SESSION_ITEM, token);
    return { state: 'open' };
  }
  // A used link opened again in the tab that has used it: its session goes on.
  if (sessionToken() !== null) return { state: 'open' };
  return { state: 'closed', problem: field(body, 'code') === 'link_attempts' ? 'attempts' : 'used' };
}

function field(body: unknown, name: string): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' ? value : null;
}
