/**
 * The port to wherever the OpenAI key rests. Keys travel as Buffers, because a Buffer can be zeroed and
 * a string cannot: who receives one owns it and zeroes it when done; who passes one in keeps it.
 */
export interface KeyStore {
  readonly kind: KeyStoreKind;
  /** What people call it: "macOS Keychain", "Secret Service", "environment". */
  readonly backend: string;
  readonly canWrite: boolean;
  /**
   * The key, or null when it is proved that none is stored. A store that cannot tell (locked, no
   * answer) throws.
   * @throws AppError `keychain_*`, `key_file_*`, `key_env_missing`, `home_unsafe`
   */
  get(): Promise<Buffer | null>;
  /**
   * Stores the key in place of the one before, then reads it back and compares.
   * @throws AppError `key_store_read_only` and those of {@link get}; whether the old or the new key is
   * stored is then unknown, unless the code names a cause that lets nothing be written
   */
  set(key: Buffer): Promise<void>;
  /**
   * True when a key was removed, false when there was none.
   * @throws AppError `key_store_read_only` and those of {@link get}
   */
  remove(): Promise<boolean>;
}

export const KEY_STORE_KINDS = ['keychain', 'env', 'file', 'memory'] as const;
export type KeyStoreKind = (typeof KEY_STORE_KINDS)[number];

/** The account of a key whose provider nobody named. */
export const DEFAULT_PROFILE = 'openai';
