import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FileStore } from '../../../proxy/keys/file-store.ts';
import { CANARY, leaksIn } from './leaks.ts';
import { temporaryFolder } from './temporary-folder.ts';

const FAST_N = 2 ** 14;

function open(dataDir: string, passphrase: string | null, scryptN = FAST_N): FileStore {
  return new FileStore({
    dataDir,
    profile: 'openai',
    passphrase: async () => (passphrase === null ? null : Buffer.from(passphrase)),
    scryptN,
  });
}

test('sets, gets, replaces and removes a key', async () => {
  const dataDir = await temporaryFolder();
  const store = open(dataDir, 'correct horse');
  expect(await store.get()).toBeNull();
  expect(await store.remove()).toBe(false);

  await store.set(Buffer.from(CANARY));
  expect((await open(dataDir, 'correct horse').get())?.toString()).toBe(CANARY);

  await store.set(Buffer.from('sk-another0123456789'));
  expect((await store.get())?.toString()).toBe('sk-another0123456789');

  expect(await store.remove()).toBe(true);
  expect(await store.get()).toBeNull();
  expect(await readdir(dataDir)).toEqual([]);
});

test('costs 2^17 rounds of scrypt unless told otherwise', async () => {
  const dataDir = await temporaryFolder();
  const passphrase = async () => Buffer.from('correct horse');
  await new FileStore({ dataDir, profile: 'openai', passphrase }).set(Buffer.from(CANARY));
  const file = JSON.parse(await readFile(join(dataDir, 'openai.key.json'), 'utf8'));
  expect(file).toMatchObject({ version: 1, kdf: { name: 'scrypt', n: 131_072, r: 8, p: 1 } });
  expect((await open(dataDir, 'correct horse').get())?.toString()).toBe(CANARY);
});

test('holds nothing of the key or the passphrase, and only its user can read it', async () => {
  const dataDir = await temporaryFolder();
  await open(dataDir, 'correct horse battery').set(Buffer.from(CANARY));
  const filePath = join(dataDir, 'openai.key.json');
  const text = await readFile(filePath, 'utf8');
  const sealed: string = JSON.parse(text).sealed;
  expect(leaksIn([text, Buffer.from(sealed, 'base64').toString('latin1')])).toEqual([]);
  expect(leaksIn(text, 'correct horse battery')).toEqual([]);
  expect((await stat(filePath)).mode & 0o777).toBe(0o600);
});

test('never uses a salt or a nonce twice', async () => {
  const dataDir = await temporaryFolder();
  const used = new Set<string>();
  for (let round = 0; round < 3; round += 1) {
    await open(dataDir, 'correct horse').set(Buffer.from(CANARY));
    const { kdf, cipher } = JSON.parse(await readFile(join(dataDir, 'openai.key.json'), 'utf8'));
    used.add(kdf.salt).add(cipher.nonce);
  }
  expect(used.size).toBe(6);
});

test.each([
  ['wrong', 'correct house', 'the passphrase does not fit'],
  ['empty', '', 'no passphrase was given'],
  ['missing', null, 'no passphrase was given'],
])('stays locked when the passphrase is %s', async (_, passphrase, problem) => {
  const dataDir = await temporaryFolder();
  await open(dataDir, 'correct horse').set(Buffer.from(CANARY));
  await expect(open(dataDir, passphrase).get()).rejects.toMatchObject({
    code: 'key_file_locked',
    details: { problem },
  });
});

test('writes nothing without a passphrase', async () => {
  const dataDir = await temporaryFolder();
  await expect(open(dataDir, null).set(Buffer.from(CANARY))).rejects.toMatchObject({
    code: 'key_file_locked',
  });
  expect(await readdir(dataDir)).toEqual([]);
});

test('asks nobody for a passphrase while there is no file, and zeroes the one it was given', async () => {
  const given: Buffer[] = [];
  const store = new FileStore({
    dataDir: await temporaryFolder(),
    profile: 'openai',
    passphrase: async () => {
      given.push(Buffer.from('correct horse'));
      return given.at(-1) ?? null;
    },
    scryptN: FAST_N,
  });
  expect(await store.get()).toBeNull();
  expect(given).toHaveLength(0);
  await store.set(Buffer.from(CANARY));
  await store.get();
  expect(given).toHaveLength(2);
  for (const passphrase of given) expect(passphrase.every((byte) => byte === 0)).toBe(true);
});

test('hands on what the passphrase prompt throws', async () => {
  const dataDir = await temporaryFolder();
  await open(dataDir, 'correct horse').set(Buffer.from(CANARY));
  const cancelled = new Error('cancelled');
  const store = new FileStore({ dataDir, profile: 'openai', passphrase: () => Promise.reject(cancelled) });
  await expect(store.get()).rejects.toBe(cancelled);
});
