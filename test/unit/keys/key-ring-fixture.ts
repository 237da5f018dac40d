import { KeyRing, type KeyRingOptions } from '../../../proxy/keys/key-ring.ts';
import type { KeyState } from '../../../proxy/keys/key-state.ts';
import type { KeyStore } from '../../../proxy/keys/key-store.ts';

export const KEY_A = 'sk-proj-AAAAAAAAAAAAAAAAAAAAAAAA';
export const KEY_B = 'sk-svcacct-BBBBBBBBBBBBBBBBBBBB';

/** A store whose every answer the test decides; counts how often it was read. */
export class ScriptedStore implements KeyStore {
  readonly kind = 'memory';
  readonly backend = 'script';
  readonly canWrite = true;
  /** What `get` does; a string is a stored key. */
  next: string | null | Error | Promise<string | null>;
  setFails: Error | null = null;
  reads = 0;
  /** Each Buffer that was handed out, to see whether it was zeroed. */
  readonly handedOut: Buffer[] = [];

  constructor(next: string | null | Error | Promise<string | null> = KEY_A) {
    this.next = next;
  }

  async get(): Promise<Buffer | null> {
    this.reads += 1;
    const next = await this.next;
    if (next instanceof Error) throw next;
    if (next === null) return null;
    const key = Buffer.from(next);
    this.handedOut.push(key);
    return key;
  }

  async set(key: Buffer): Promise<void> {
    if (this.setFails !== null) throw this.setFails;
    this.next = key.toString();
  }

  async remove(): Promise<boolean> {
    const had = this.next !== null;
    this.next = null;
    return had;
  }
}

export interface RingFixture {
  readonly ring: KeyRing;
  readonly store: ScriptedStore;
  readonly clock: { nowMs: number };
  readonly states: KeyState[];
}

export function createRing(
  store: ScriptedStore = new ScriptedStore(),
  options: Partial<KeyRingOptions> = {},
): RingFixture {
  const clock = { nowMs: 1_000_000 };
  const states: KeyState[] = [];
  const ring = new KeyRing({
    store,
    now: () => clock.nowMs,
    onStateChange: (state) => void states.push(state),
    ...options,
  });
  return { ring, store, clock, states };
}

export async function loadedRing(...args: Parameters<typeof createRing>): Promise<RingFixture> {
  const fixture = createRing(...args);
  await fixture.ring.reload();
  fixture.states.length = 0;
  return fixture;
}
