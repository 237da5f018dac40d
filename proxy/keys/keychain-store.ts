import { AppError } from '../contract/errors.ts';
import { sameKey } from './key-bytes.ts';
import { DEFAULT_PROFILE, type KeyStore } from './key-store.ts';
import { KeytarCalls } from './keytar-calls.ts';
import { keytarInChild } from './keytar-child.ts';
import { type Keytar, loadKeytar } from './keytar-library.ts';
import { askSecretService, type SecretServiceView } from './secret-service.ts';

export const KEYCHAIN_SERVICE = 'tollgate';
const SECRET_SERVICE = 'Secret Service';
const DEFAULT_TIMEOUT_MS = 10_000;

export interface KeychainOptions {
  /** The provider profile: the account the key is kept under. */
  readonly profile?: string;
  /** For one whole `get`, `set` or `remove`. */
  readonly timeoutMs?: number;
  /**
   * Lets the system ask the person to unlock the keychain: for calls that a person started and waits
   * for, with a `timeoutMs` that leaves time to type. Otherwise a locked Secret Service is an error at
   * once. macOS and Windows decide on their own whether they ask.
   */
  readonly mayPrompt?: boolean;
  readonly platform?: NodeJS.Platform;
  /** Where the session bus is looked for; must agree with the environment of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly load?: () => Keytar;
}

/**
 * The keychain of the system, through keytar: macOS Keychain, Windows Credential Manager, or on Linux
 * the Secret Service. On Linux the service is asked first, without keytar, whether there is an item and
 * whether it is locked (why: secret-service.ts), so `get` answers null only when the service said that
 * there is no item, and nothing is sent to keytar that would prompt or hang.
 *
 * keytar's calls cannot be cancelled: one that outlives its time limit keeps a thread of Node's pool until
 * the system answers, and the process cannot exit before. So operations go one at a time, and the next one
 * waits for the call that a late one left behind: a keychain that hangs costs one thread instead of all
 * four, which file access and DNS need too.
 */
export class KeychainStore implements KeyStore {
  readonly kind = 'keychain';
  readonly backend: string;
  readonly canWrite = true;
  readonly #account: string;
  readonly #timeoutMs: number;
  readonly #mayPrompt: boolean;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #calls: KeytarCalls;
  /** Settles when the last operation has ended, however late. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: KeychainOptions = {}) {
    this.backend = backendOf(options.platform ?? process.platform);
    this.#account = options.profile ?? DEFAULT_PROFILE;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#mayPrompt = options.mayPrompt ?? false;
    this.#env = options.env ?? process.env;
    this.#calls = new KeytarCalls({
      load: options.load ?? loadKeytar,
      substitute: () => keytarInChild(this.#env, this.#timeoutMs),
      // A prompt can stay open for hours, and would keep the thread and the process that long.
      preferSubstitute: this.#mayPrompt && this.backend === SECRET_SERVICE,
    });
  }

  get(): Promise<Buffer | null> {
    return this.#limited(async (signal) => {
      const before = await this.#ask(signal);
      if (before !== null && isProvedAbsent(before)) return null;
      this.#refuseLocked(before, before?.item === 'unlocked');
      const text = await this.#calls.run(signal, (keytar) =>
        keytar.getPassword(KEYCHAIN_SERVICE, this.#account),
      );
      if (text !== null) return Buffer.from(text, 'utf8');
      // Removed or locked in between, or the person dismissed the prompt: ask what it means.
      const after = await this.#ask(signal);
      if (after === null || isProvedAbsent(after)) return null;
      if (after.item !== 'unlocked') throw new AppError('keychain_locked');
      throw new AppError('keychain_failed', { problem: 'it lists the key but does not give it out' });
    });
  }

  set(key: Buffer): Promise<void> {
    return this.#limited(async (signal) => {
      if (!isPrintable(key)) {
        throw new AppError('key_malformed', { problem: 'it has a character that no key has' });
      }
      const before = await this.#ask(signal);
      this.#refuseLocked(before, before?.collection === 'unlocked');
      const text = key.toString('utf8');
      await this.#calls.run(signal, (keytar) => keytar.setPassword(KEYCHAIN_SERVICE, this.#account, text));
      const stored = await this.#calls.run(signal, (keytar) =>
        keytar.getPassword(KEYCHAIN_SERVICE, this.#account),
      );
      const readBack = Buffer.from(stored ?? '', 'utf8');
      const same = sameKey(readBack, key);
      readBack.fill(0);
      if (same) return;
      throw new AppError('keychain_failed', { problem: 'the key read back is not the one stored' });
    });
  }

  remove(): Promise<boolean> {
    return this.#limited(async (signal) => {
      const before = await this.#ask(signal);
      if (before !== null && isProvedAbsent(before)) return false;
      this.#refuseLocked(before, before?.item === 'unlocked');
      const removed = await this.#calls.run(signal, (keytar) =>
        keytar.deletePassword(KEYCHAIN_SERVICE, this.#account),
      );
      const after = await this.#ask(signal);
      if (after === null || isProvedAbsent(after)) return removed;
      if (after.item === 'unlocked') throw new AppError('keychain_failed', { problem: 'it kept the key' });
      throw new AppError('keychain_locked');
    });
  }

  /** What the Secret Service says; null where there is none to ask, and keytar's word must do. */
  async #ask(signal: AbortSignal): Promise<SecretServiceView | null> {
    if (this.backend !== SECRET_SERVICE) return null;
    return askSecretService({ service: KEYCHAIN_SERVICE, account: this.#account, env: this.#env, signal });
  }

  #refuseLocked(view: SecretServiceView | null, open: boolean): void {
    if (view === null || open || this.#mayPrompt) return;
    if (view.item !== 'locked' && view.collection === 'none') {
      // libsecret would ask for the password of a new collection.
      throw new AppError('keychain_failed', {
        problem: 'it has no default keyring yet; create one in the password manager of the system',
      });
    }
    throw new AppError('keychain_locked');
  }

  /** Runs one operation within the time limit; what has not begun by then never begins. */
  async #limited<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#calls.checkLibrary();
    const limit = new AbortController();
    const late = new AppError('keychain_timeout', { seconds: this.#timeoutMs / 1000 });
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        limit.abort(late);
        reject(late);
      }, this.#timeoutMs);
    });
    const running = this.#turn.then(() => {
      limit.signal.throwIfAborted();
      return work(limit.signal);
    });
    this.#turn = Promise.allSettled([running]);
    try {
      return await Promise.race([running, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function backendOf(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'macOS Keychain';
  if (platform === 'win32') return 'Windows Credential Manager';
  return SECRET_SERVICE;
}

/** What every keychain gives back unchanged: keytar takes C strings and Windows keeps UTF-16. */
function isPrintable(key: Buffer): boolean {
  return key.length > 0 && key.every((byte) => byte > 0x20 && byte < 0x7f);
}

/** No item, and the collection it would be in is open to be searched, or does not exist. */
function isProvedAbsent(view: SecretServiceView): boolean {
  return view.item === 'none' && view.collection !== 'locked';
}
