import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { AppError } from '../../../proxy/contract/errors.ts';
import { FileStore } from '../../../proxy/keys/file-store.ts';
import {
  formatKeyFile,
  type KeyFile,
  parseKeyFile,
  sealKey,
  unsealKey,
} from '../../../proxy/keys/key-file-format.ts';
import { CANARY, errorOf, leaksIn } from './leaks.ts';
import { temporaryFolder } from './temporary-folder.ts';

const PASSPHRASE = Buffer.from('correct horse');
let good: KeyFile;

beforeAll(async () => {
  good = await sealKey(Buffer.from(CANARY), PASSPHRASE, 'openai', 2 ** 14);
});

async function storeWith(contents: string | Buffer): Promise<FileStore> {
  const dataDir = await temporaryFolder();
  const filePath = join(dataDir, 'openai.key.json');
  await writeFile(filePath, contents);
  await chmod(filePath, 0o600);
  return new FileStore({ dataDir, profile: 'openai', passphrase: async () => Buffer.from(PASSPHRASE) });
}

test('the file of these tests is good', async () => {
  expect((await (await storeWith(formatKeyFile(good))).get())?.toString()).toBe(CANARY);
});

test.each([
  ['empty', ''],
  ['no JSON', 'sk-proj-pasted-here-by-mistake'],
  ['binary', Buffer.from([0, 255, 254, 1])],
  ['another JSON file', '{"hello":"world"}'],
  ['a list', '[]'],
  ['null', 'null'],
  ['nested without end', '['.repeat(60_000)],
  ['much too large', 'x'.repeat(70_000)],
])('tells that the file is damaged when it is %s', async (_, contents) => {
  const error = await errorOf(async () => (await storeWith(contents)).get());
  expect(error).toMatchObject({ code: 'key_file_damaged' });
  expect(leaksIn(error, 'sk-proj-pasted-here-by-mistake')).toEqual([]);
});

test('notices every flipped bit that changes what the file says, and every missing end', () => {
  const bytes = formatKeyFile(good);
  for (let at = 0; at < bytes.length - 1; at += 1) {
    expect(parsed(bytes.subarray(0, at))).toBe('key_file_damaged');
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at);
    // One kind of white space for another between the fields is no change.
    const white = /^\s$/.test(String.fromCharCode(bytes.readUInt8(at)));
    expect(parsed(flipped)).toBeOneOf(white ? ['key_file_damaged', 'good'] : ['key_file_damaged']);
  }
});

function parsed(bytes: Buffer): unknown {
  try {
    expect(parseKeyFile(bytes, 'openai')).toEqual(good);
    return 'good';
  } catch (error) {
    return error instanceof AppError ? error.code : error;
  }
}

test('tells a newer version from damage', () => {
  const newer = Buffer.from(JSON.stringify({ ...good, version: 2 }));
  expect(() => parseKeyFile(newer, 'openai')).toThrow(/newer Tollgate/);
});

test('does not give the key of one profile to another', () => {
  expect(() => parseKeyFile(formatKeyFile(good), 'other')).toThrow(/another profile/);
});

test.each([
  ['huge n', { n: 2 ** 30 }],
  ['n just above the bound', { n: 2 ** 19 }],
  ['n that is no power of two', { n: 100_000 }],
  ['negative n', { n: -16_384 }],
  ['tiny n', { n: 2 }],
  ['huge r', { r: 2 ** 20 }],
  ['r of 0', { r: 0 }],
  ['huge p', { p: 2 ** 20 }],
  ['another function', { name: 'argon2' }],
  ['a fraction', { n: 16_384.5 }],
  ['no salt', { salt: '' }],
  ['a short salt', { salt: 'AAAA' }],
  ['a salt that is no base64', { salt: '*'.repeat(24) }],
  ['a huge salt', { salt: 'A'.repeat(40_000) }],
])('refuses %s before it costs anything', async (_, changed) => {
  const store = await storeWith(JSON.stringify({ ...good, kdf: { ...good.kdf, ...changed } }));
  const startMs = performance.now();
  await expect(store.get()).rejects.toMatchObject({ code: 'key_file_damaged' });
  expect(performance.now() - startMs).toBeLessThan(2_000);
});

test('a file changed on purpose, checksum and all, does not open', async () => {
  // Each field with the checksum an attacker would compute for it: the tag is what they cannot make.
  const other = await sealKey(Buffer.from(CANARY), Buffer.from('their own'), 'openai', 2 ** 14);
  for (const forged of [
    { ...other, sealed: good.sealed },
    { ...good, kdf: other.kdf },
    { ...good, cipher: other.cipher },
    { ...good, kdf: { ...good.kdf, p: 2 } },
  ]) {
    await expect(unsealKey(forged, PASSPHRASE)).rejects.toMatchObject({ code: 'key_file_locked' });
  }
});

test('a damaged file can be removed', async () => {
  const store = await storeWith('garbage');
  expect(await store.remove()).toBe(true);
  expect(await store.get()).toBeNull();
});

test('what is written is what is read', async () => {
  expect(parseKeyFile(formatKeyFile(good), 'openai')).toEqual(good);
  expect((await unsealKey(good, PASSPHRASE)).toString()).toBe(CANARY);
});
