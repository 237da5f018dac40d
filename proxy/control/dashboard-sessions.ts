import { hash, randomBytes } from 'node:crypto';
import { AppError } from '../contract/errors.ts';
import type { SessionView } from '../contract/sessions.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const LINK_TTL_MS = 10 * MINUTE_MS;
export const SESSION_IDLE_MS = 12 * HOUR_MS;
export const SESSION_MAX_MS = 7 * 24 * HOUR_MS;
const MAX_LINKS = 20;
const MAX_SESSIONS = 50;
/** Wrong links in a minute before the answer says to wait. */
const MAX_FAILURES = 10;
const SECRET_BYTES = 32;
export const SESSION_PREFIX = 'tgs_';

/** A browser that has exchanged a link. Its token is known by its hash alone. */
export interface DashboardSession {
  readonly id: string;
  readonly createdAtMs: number;
  readonly browser: string;
  lastSeenAtMs: number;
  /** Streams that are being read: a session is not idle while there are some. */
  streams: number;
  readonly ended: AbortController;
}

/**
 * One-time links and the sessions they are exchanged for. Both are 256 random bits, kept as SHA-256 in
 * memory alone: they end with the engine at the latest.
 */
export class DashboardSessions {
  readonly #now: () => number;
  readonly #onChange: () => void;
  /** By hash of the secret: when the link runs out. */
  readonly #links = new Map<string, number>();
  readonly #sessions = new Map<string, DashboardSession>();
  #failures: number[] = [];

  constructor(now: () => number, onChange: () => void) {
    this.#now = now;
    this.#onChange = onChange;
  }

  createLink(): { readonly secret: string; readonly expiresAtMs: number } {
    const nowMs = this.#now();
    for (const [name, expiresAtMs] of this.#links) if (expiresAtMs <= nowMs) this.#links.delete(name);
    const [oldest] = this.#links.keys();
    if (this.#links.size >= MAX_LINKS && oldest !== undefined) this.#links.delete(oldest);
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const expiresAtMs = nowMs + LINK_TTL_MS;
    this.#links.set(hashOf(secret), expiresAtMs);
    return { secret, expiresAtMs };
  }

  /**
   * Takes a link, once, and opens a session for it.
   * @throws AppError `link_invalid`, or `link_attempts` after many wrong ones; a right one always works
   */
  exchange(secret: string, browser: string): { readonly token: string; readonly session: DashboardSession } {
    const nowMs = this.#now();
    const name = hashOf(secret);
    const expiresAtMs = this.#links.get(name);
    this.#links.delete(name);
    if (expiresAtMs === undefined || expiresAtMs <= nowMs) throw this.#failed(nowMs);
    const token = `${SESSION_PREFIX}${randomBytes(SECRET_BYTES).toString('base64url')}`;
    const session: DashboardSession = {
      id: randomBytes(9).toString('base64url'),
      createdAtMs: nowMs,
      browser: browser.replace(/[^\x20-\x7e]/g, '').slice(0, 200),
      lastSeenAtMs: nowMs,
      streams: 0,
      ended: new AbortController(),
    };
    this.dropEnded();
    const [oldest] = this.#sessions;
    if (this.#sessions.size >= MAX_SESSIONS && oldest) this.#end(...oldest);
    this.#sessions.set(hashOf(token), session);
    this.#onChange();
    return { token, session };
  }

  /** The session of a token, which counts as seen now. Null for one that is unknown or has ended. */
  authenticate(token: string): DashboardSession | null {
    const name = hashOf(token.slice(0, 200));
    const session = this.#sessions.get(name);
    if (!session) return null;
    const nowMs = this.#now();
    if (this.#isOver(session, nowMs)) {
      this.#end(name, session);
      return null;
    }
    session.lastSeenAtMs = Math.max(session.lastSeenAtMs, nowMs);
    return session;
  }

  /** Counts a stream until what it returns is called; the stream ends with the session. */
  openStream(session: DashboardSession): () => void {
    session.streams += 1;
    return () => {
      session.streams -= 1;
      session.lastSeenAtMs = Math.max(session.lastSeenAtMs, this.#now());
    };
  }

  list(currentId: string | null): SessionView[] {
    this.dropEnded();
    return [...this.#sessions.values()].map((session) => {
      const { id, createdAtMs, lastSeenAtMs, browser } = session;
      const iso = (atMs: number): string => new Date(atMs).toISOString();
      return {
        id,
        current: id === currentId,
        createdAt: iso(createdAtMs),
        lastSeenAt: iso(lastSeenAtMs),
        idleEndsAt: iso(Math.min(lastSeenAtMs + SESSION_IDLE_MS, createdAtMs + SESSION_MAX_MS)),
        endsAt: iso(createdAtMs + SESSION_MAX_MS),
        browser,
      };
    });
  }

  /** Ends a session by its id; `others` ends all but the one that asks. */
  revoke(id: string, currentId: string | null): void {
    for (const [name, session] of this.#sessions) {
      if (id === 'others' ? session.id !== currentId : session.id === id) this.#end(name, session);
    }
  }

  /** Ends all, with their streams. */
  close(): void {
    for (const [name, session] of this.#sessions) this.#end(name, session);
    this.#links.clear();
  }

  /** Called now and then while streams are open: they end when the time of their session has come. */
  dropEnded(): void {
    const nowMs = this.#now();
    for (const [name, session] of this.#sessions) if (this.#isOver(session, nowMs)) this.#end(name, session);
  }

  #isOver({ createdAtMs, lastSeenAtMs, streams }: DashboardSession, nowMs: number): boolean {
    if (nowMs - createdAtMs >= SESSION_MAX_MS) return true;
    return streams === 0 && nowMs - lastSeenAtMs >= SESSION_IDLE_MS;
  }

  #end(name: string, session: DashboardSession): void {
    this.#sessions.delete(name);
    session.ended.abort();
    this.#onChange();
  }

  #failed(nowMs: number): AppError {
    this.#failures = this.#failures.filter((atMs) => nowMs - atMs < MINUTE_MS);
    if (this.#failures.length >= MAX_FAILURES) return new AppError('link_attempts');
    this.#failures.push(nowMs);
    return new AppError('link_invalid');
  }
}

function hashOf(secret: string): string {
  return hash('sha256', secret, 'hex');
}
