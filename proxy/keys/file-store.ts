import { join } from 'node:path';
import { AppError } from '../contract/errors.ts';
import { sameKey } from './key-bytes.ts';
import {
  formatKeyFile,
  type KeyFile,
  parseKeyFile,
  SCRYPT_N,
  sealKey,
  unsealKey,
} from './key-file-format.ts';
import type { KeyStore } from './key-store.ts';
import { readPrivateFile, removePrivateFile, writePrivateFile } from './private-file.ts';

/**
 * Asks for the passphrase; null when nobody can be asked. The store zeroes what it is given, so hand over
 * a Buffer of its own each time.
 */
export type PassphraseProvider = () => Promise<Buffer | null>;

export interface FileStoreOptions {
  readonly dataDir: string;
  readonly profile: string;
  readonly passphrase: PassphraseProvider;
  /** The cost of new files, a power of two from 2^14 to 2^18. */
  readonly scryptN?: number;
}

/**
 * The key in a file encrypted with a passphrase (format: key-file-format.ts), for machines without a
 * keychain. Without a file nobody is asked for a passphrase.
 */
export class FileStore implements KeyStore {
  readonly kind = 'file';
  readonly backend = 'encrypted file';
  readonly canWrite = true;
  readonly #filePath: string;
  readonly #profile: string;
  readonly #passphrase: PassphraseProvider;
  readonly #scryptN: number;

  constructor(options: FileStoreOptions) {
    this.#filePath = join(options.dataDir, `${options.profile}.key.json`);
    this.#profile = options.profile;
    this.#passphrase = options.passphrase;
    this.#scryptN = options.scryptN ?? SCRYPT_N;
  }

  async get(): Promise<Buffer | null> {
    const file = await this.#read();
    if (file === null) return null;
    return this.#withPassphrase((passphrase) => unsealKey(file, passphrase));
  }

  async set(key: Buffer): Promise<void> {
    await this.#withPassphrase(async (passphrase) => {
      const sealed = await sealKey(key, passphrase, this.#profile, this.#scryptN);
      await writePrivateFile(this.#filePath, formatKeyFile(sealed));
      const stored = await this.#read();
      const readBack = stored === null ? Buffer.alloc(0) : await unsealKey(stored, passphrase);
      const same = sameKey(readBack, key);
      readBack.fill(0);
      if (!same) throw new AppError('key_file_damaged', { problem: 'it does not hold what was written' });
    });
  }

  remove(): Promise<boolean> {
    return removePrivateFile(this.#filePath);
  }

  async #read(): Promise<KeyFile | null> {
    const bytes = await readPrivateFile(this.#filePath);
    return bytes === null ? null : parseKeyFile(bytes, this.#profile);
  }

  async #withPassphrase<T>(use: (passphrase: Buffer) => Promise<T>): Promise<T> {
    const passphrase = await this.#passphrase();
    if (passphrase === null || passphrase.length === 0) {
      throw new AppError('key_file_locked', { problem: 'no passphrase was given' });
    }
    try {
      return await use(passphrase);
    } finally {
      passphrase.fill(0);
    }
  }
}
