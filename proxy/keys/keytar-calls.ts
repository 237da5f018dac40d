import { AppError, problemOf } from '../contract/errors.ts';
import { isStaleConnection } from './keytar-child.ts';
import type { Keytar } from './keytar-library.ts';

export interface KeytarCallsOptions {
  /** @throws AppError `keychain_no_library` */
  readonly load: () => Keytar;
  /** What replaces it once its connection went stale; null where there is nothing. */
  readonly substitute: () => Keytar | null;
  /** Whether the substitute, where there is one, is used from the start. */
  readonly preferSubstitute: boolean;
}

/** Calls of keytar: its library on first use, its sentences as AppErrors, a substitute when it is stale. */
export class KeytarCalls {
  readonly #options: KeytarCallsOptions;
  #substitute: Keytar | null = null;

  constructor(options: KeytarCallsOptions) {
    this.#options = options;
    if (options.preferSubstitute) this.#substitute = options.substitute();
  }

  /** @throws AppError `keychain_no_library` */
  checkLibrary(): void {
    this.#options.load();
  }

  /**
   * Never begins once the signal aborted; an answer after that is dropped.
   * @throws AppError `keychain_*`; or the signal's reason
   */
  async run<T>(signal: AbortSignal, call: (keytar: Keytar) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    try {
      const answer = await this.#call(signal, call);
      signal.throwIfAborted();
      return answer;
    } catch (error) {
      throw error instanceof AppError ? error : translate(error);
    }
  }

  async #call<T>(signal: AbortSignal, call: (keytar: Keytar) => Promise<T>): Promise<T> {
    if (this.#substitute !== null) return call(this.#substitute);
    try {
      return await call(this.#options.load());
    } catch (error) {
      if (!isStaleConnection(problemOf(error))) throw error;
      signal.throwIfAborted();
      // A stale connection did nothing, so the call may be made again.
      this.#substitute = this.#options.substitute();
      if (this.#substitute !== null) return call(this.#substitute);
      const problem = 'it was restarted; restart Tollgate too to reach it again';
      throw new AppError('keychain_failed', { problem });
    }
  }
}

/**
 * The libraries below keytar give sentences, not codes: libsecret's and GLib's on Linux, the system's
 * own, in its language, elsewhere. The error is not kept as a cause, and key-like text is taken out of
 * its message: it has seen the key.
 */
function translate(error: unknown): AppError {
  const problem = problemOf(error).replace(/sk-[A-Za-z0-9_-]+/g, '[key]');
  if (/locked collection|interaction is not allowed/i.test(problem)) return new AppError('keychain_locked');
  if (/was not provided by any \.service files/i.test(problem)) return new AppError('keychain_no_service');
  if (/autolaunch D-Bus|Could not connect/i.test(problem)) return new AppError('keychain_no_bus');
  return new AppError('keychain_failed', { problem: problem.replace(/\.$/, '') });
}
