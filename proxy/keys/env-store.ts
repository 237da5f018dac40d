import { AppError } from '../contract/errors.ts';
import { cleanKey } from './clean-key.ts';
import { wipeEnvironBlock } from './environ-block.ts';
import type { KeyStore } from './key-store.ts';

export const KEY_VARIABLE = 'OPENAI_API_KEY';

/**
 * The key from `OPENAI_API_KEY` of the server process, for machines without a keychain. The constructor
 * takes it out of the environment at once, before anything can be started that would inherit it: open
 * this store before the first worker or child.
 */
export class EnvStore implements KeyStore {
  readonly kind = 'env';
  readonly backend = 'environment';
  readonly canWrite = false;
  readonly #pasted: Buffer | null;

  /** @param env usually `process.env`; its `OPENAI_API_KEY` is deleted. */
  constructor(env: Record<string, string | undefined>) {
    const value = env[KEY_VARIABLE];
    delete env[KEY_VARIABLE];
    if (env === process.env) wipeEnvironBlock(KEY_VARIABLE);
    this.#pasted = value === undefined || value.trim() === '' ? null : Buffer.from(value, 'utf8');
  }

  /** @throws AppError `key_env_missing`, or those of `cleanKey` when the variable holds no usable key */
  async get(): Promise<Buffer> {
    if (this.#pasted === null) throw new AppError('key_env_missing');
    return cleanKey(this.#pasted);
  }

  async set(): Promise<never> {
    throw new AppError('key_store_read_only', { store: 'env' });
  }

  async remove(): Promise<never> {
    throw new AppError('key_store_read_only', { store: 'env' });
  }
}
