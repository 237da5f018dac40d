import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';

/**
 * The key file, version 1: JSON, so that a person can see what it is. scrypt turns the passphrase into
 * the key of AES-256-GCM, and everything else in the file (version, profile, parameters, salt, nonce)
 * is the additional authenticated data: nothing of it can be changed without the passphrase.
 *
 * The checksum is not for security, whoever changes the file can compute it. It tells a file that a disk
 * or an editor damaged from a passphrase that is wrong, which a failed GCM tag alone cannot.
 *
 * The parameters are bounded before use: a hostile file can make scrypt take 256 MiB and about a second,
 * not more.
 */
const FORMAT = 'tollgate-key';
const VERSION = 1;
const MAX_SCRYPT_N = 2 ** 18;
const MIN_SCRYPT_N = 2 ** 14;
/** 128 MiB and about 0.4 s on a laptop: OWASP's first choice for scrypt. */
export const SCRYPT_N = 2 ** 17;
const SCRYPT_R = 8;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const AES_KEY_BYTES = 32;
const MAX_SEALED_BYTES = 4_096;

const base64 = (minBytes: number, maxBytes: number) =>
  z
    .base64()
    .max(Math.ceil(maxBytes / 3) * 4)
    .refine((text) => Buffer.byteLength(text, 'base64') >= minBytes)
    .refine((text) => Buffer.byteLength(text, 'base64') <= maxBytes);

const fileSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  profile: z.string().min(1).max(64),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    n: z
      .int()
      .min(MIN_SCRYPT_N)
      .max(MAX_SCRYPT_N)
      .refine((n) => Number.isInteger(Math.log2(n))),
    r: z.literal(SCRYPT_R),
    p: z.int().min(1).max(2),
    salt: base64(SALT_BYTES, 64),
  }),
  cipher: z.strictObject({ name: z.literal('aes-256-gcm'), nonce: base64(NONCE_BYTES, NONCE_BYTES) }),
  /** Ciphertext and tag. */
  sealed: base64(TAG_BYTES + 1, MAX_SEALED_BYTES),
  checksum: z.string().regex(/^[0-9a-f]{64}$/),
});

export type KeyFile = z.infer<typeof fileSchema>;
type KeyFileHead = Omit<KeyFile, 'sealed' | 'checksum'>;

/** Encrypts a key. `n` is the cost, a power of two from 2^14 to 2^18; neither Buffer is zeroed. */
export async function sealKey(
  key: Buffer,
  passphrase: Buffer,
  profile: string,
  n: number = SCRYPT_N,
): Promise<KeyFile> {
  const head: KeyFileHead = {
    format: FORMAT,
    version: VERSION,
    profile,
    kdf: { name: 'scrypt', n, r: SCRYPT_R, p: 1, salt: randomBytes(SALT_BYTES).toString('base64') },
    cipher: { name: 'aes-256-gcm', nonce: randomBytes(NONCE_BYTES).toString('base64') },
  };
  const aesKey = await derive(passphrase, head);
  try {
    const cipher = createCipheriv('aes-256-gcm', aesKey, Buffer.from(head.cipher.nonce, 'base64'));
    cipher.setAAD(authenticated(head));
    const sealed = Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()]).toString(
      'base64',
    );
    return { ...head, sealed, checksum: checksum(head, sealed) };
  } finally {
    aesKey.fill(0);
  }
}

/**
 * Decrypts what {@link parseKeyFile} returned. The result is the caller's to zero.
 * @throws AppError `key_file_locked` when the passphrase does not fit
 */
export async function unsealKey(file: KeyFile, passphrase: Buffer): Promise<Buffer> {
  const sealed = Buffer.from(file.sealed, 'base64');
  const aesKey = await derive(passphrase, file);
  try {
    const decipher = createDecipheriv('aes-256-gcm', aesKey, Buffer.from(file.cipher.nonce, 'base64'));
    decipher.setAAD(authenticated(file));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    // GCM is a stream cipher: `update` gives all of it, but nothing to rely on before `final` agreed.
    const key = decipher.update(sealed.subarray(0, -TAG_BYTES));
    try {
      decipher.final();
    } catch (error) {
      key.fill(0);
      throw new AppError('key_file_locked', { problem: 'the passphrase does not fit' }, { cause: error });
    }
    return key;
  } finally {
    aesKey.fill(0);
  }
}

export function formatKeyFile(file: KeyFile): Buffer {
  return Buffer.from(`${JSON.stringify(file, null, 2)}\n`, 'utf8');
}

/** @throws AppError `key_file_damaged` */
export function parseKeyFile(bytes: Buffer, profile: string): KeyFile {
  const parsed = fileSchema.safeParse(parseJson(bytes));
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join('.') || 'its contents';
    throw damaged(at === 'version' ? 'a newer Tollgate wrote it' : `${at} is not as it should be`);
  }
  const file = parsed.data;
  if (checksum(file, file.sealed) !== file.checksum) throw damaged('its checksum does not match');
  if (file.profile !== profile) throw damaged('it holds the key of another profile');
  return file;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // The parser's message quotes the file; "not JSON" is all a person needs.
    throw damaged('it is not JSON');
  }
}

function damaged(problem: string): AppError {
  return new AppError('key_file_damaged', { problem });
}

/** In a fixed order, whatever order the file has them in. */
function authenticated({ format, version, profile, kdf, cipher }: KeyFileHead): Buffer {
  const { name, n, r, p, salt } = kdf;
  return Buffer.from(
    JSON.stringify([format, version, profile, name, n, r, p, salt, cipher.name, cipher.nonce]),
  );
}

function checksum(head: KeyFileHead, sealed: string): string {
  return createHash('sha256').update(authenticated(head)).update(sealed).digest('hex');
}

function derive(passphrase: Buffer, { kdf }: KeyFileHead): Promise<Buffer> {
  const { n: N, r, p } = kdf;
  const maxmem = 128 * r * (N + p + 2) + 1_048_576;
  return new Promise((resolve, reject) => {
    scrypt(passphrase, Buffer.from(kdf.salt, 'base64'), AES_KEY_BYTES, { N, r, p, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
