import { AppError } from '../contract/errors.ts';
import type { PassphraseProvider } from './file-store.ts';
import { DEFAULT_PROFILE, type KeyStore, type KeyStoreKind } from './key-store.ts';

export interface KeyStoreOptions {
  /** Usually `process.env`. The `env` store deletes `OPENAI_API_KEY` from it, the others only read. */
  readonly env: Record<string, string | undefined>;
  /** The private folder that the `file` store keeps its file in. */
  readonly dataDir: string;
  /** Asked by the `file` store. */
  readonly passphrase: PassphraseProvider;
  /** The provider the key is for; `openai` unless set. */
  readonly profile?: string;
  /** The time limit of one keychain operation. */
  readonly timeoutMs?: number;
  /** Lets the keychain ask the person to unlock it; only for calls that a person waits for. */
  readonly mayPrompt?: boolean;
}

/**
 * Opens the store that was chosen, and never another one in its place; only its code is loaded. Touches
 * no key yet, except that `env` takes the key out of `options.env`. Nothing needs to be closed.
 * @throws AppError `input_invalid` for a profile that is no plain name
 */
export async function openKeyStore(kind: KeyStoreKind, options: KeyStoreOptions): Promise<KeyStore> {
  const { env, dataDir, passphrase, profile = DEFAULT_PROFILE, timeoutMs, mayPrompt } = options;
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(profile)) {
    throw new AppError('input_invalid', {
      problem: 'a profile is 1 to 32 lower-case letters, digits or dashes',
    });
  }
  switch (kind) {
    case 'keychain': {
      const { KeychainStore } = await import('./keychain-store.ts');
      return new KeychainStore({
        profile,
        env,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(mayPrompt === undefined ? {} : { mayPrompt }),
      });
    }
    case 'env': {
      const { EnvStore } = await import('./env-store.ts');
      return new EnvStore(env);
    }
    case 'file': {
      const { FileStore } = await import('./file-store.ts');
      return new FileStore({ dataDir, profile, passphrase });
    }
    case 'memory': {
      const { MemoryStore } = await import('./memory-store.ts');
      return new MemoryStore();
    }
  }
}
