import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FileStore } from '../../../proxy/keys/file-store.ts';
import { CANARY } from './leaks.ts';
import { temporaryFolder } from './temporary-folder.ts';

// The modes of POSIX; on Windows the profile folder does this work.
const posixTest = test.skipIf(process.platform === 'win32');

function open(dataDir: string): FileStore {
  const passphrase = async () => Buffer.from('correct horse');
  return new FileStore({ dataDir, profile: 'openai', passphrase, scryptN: 2 ** 14 });
}

async function withKey(): Promise<{ dataDir: string; filePath: string; store: FileStore }> {
  const dataDir = await temporaryFolder();
  const store = open(dataDir);
  await store.set(Buffer.from(CANARY));
  return { dataDir, filePath: join(dataDir, 'openai.key.json'), store };
}

posixTest.each([0o640, 0o604, 0o620, 0o602, 0o610, 0o666, 0o777])('A29 refuses mode %o', async (mode) => {
  const { filePath, store } = await withKey();
  await chmod(filePath, mode);
  await expect(store.get()).rejects.toMatchObject({ code: 'home_unsafe' });
  await expect(store.set(Buffer.from(CANARY))).rejects.toMatchObject({ code: 'home_unsafe' });
});

posixTest('A29 refuses a symlink to read, to write and to remove, and leaves its target alone', async () => {
  const { filePath } = await withKey();
  const before = await readFile(filePath);
  const dataDir = await temporaryFolder();
  await symlink(filePath, join(dataDir, 'openai.key.json'));
  const store = open(dataDir);
  await expect(store.get()).rejects.toMatchObject({ code: 'home_unsafe' });
  await expect(store.set(Buffer.from('sk-x'))).rejects.toMatchObject({ code: 'home_unsafe' });
  await expect(store.remove()).rejects.toMatchObject({ code: 'home_unsafe' });
  expect(await readFile(filePath)).toEqual(before);
  expect(await readdir(dataDir)).toEqual(['openai.key.json']);
});

posixTest('refuses a symlink that leads nowhere', async () => {
  const dataDir = await temporaryFolder();
  await symlink('/nonexistent', join(dataDir, 'openai.key.json'));
  await expect(open(dataDir).get()).rejects.toMatchObject({ code: 'home_unsafe' });
  await expect(open(dataDir).set(Buffer.from('sk-x'))).rejects.toMatchObject({ code: 'home_unsafe' });
});

posixTest('refuses a folder and a FIFO without waiting for either', async () => {
  for (const make of [
    (path: string) => mkdir(path, { mode: 0o700 }),
    async (path: string) => void execFileSync('mkfifo', ['-m', '600', path]),
  ]) {
    const dataDir = await temporaryFolder();
    await make(join(dataDir, 'openai.key.json'));
    await expect(open(dataDir).get()).rejects.toMatchObject({ code: 'home_unsafe' });
    await expect(open(dataDir).set(Buffer.from('sk-x'))).rejects.toMatchObject({ code: 'home_unsafe' });
  }
});

posixTest.each([0o770, 0o707, 0o777])('A29 does not write into a folder of mode %o', async (mode) => {
  const dataDir = await temporaryFolder();
  await chmod(dataDir, mode);
  await expect(open(dataDir).set(Buffer.from(CANARY))).rejects.toMatchObject({ code: 'home_unsafe' });
  expect(await readdir(dataDir)).toEqual([]);
});

test.skipIf(process.getuid?.() !== 0)('A29 refuses a file and a folder of another user', async () => {
  const { filePath, store } = await withKey();
  await chown(filePath, 1234, 1234);
  await expect(store.get()).rejects.toMatchObject({ code: 'home_unsafe' });
  const dataDir = await temporaryFolder();
  await chown(dataDir, 1234, 1234);
  await expect(open(dataDir).set(Buffer.from(CANARY))).rejects.toMatchObject({ code: 'home_unsafe' });
});

test('tells that the folder is missing, and leaves nothing behind', async () => {
  const dataDir = join(await temporaryFolder(), 'missing');
  expect(await open(dataDir).get()).toBeNull();
  expect(await open(dataDir).remove()).toBe(false);
  await expect(open(dataDir).set(Buffer.from(CANARY))).rejects.toMatchObject({
    code: 'home_unwritable',
    details: { path: dataDir, problem: 'ENOENT' },
  });
});

test('removing the key also removes what a crash in the middle of a write left', async () => {
  const { dataDir, store } = await withKey();
  await writeFile(join(dataDir, '.openai.key.json.0123456789abcdef.tmp'), 'half a file');
  await writeFile(join(dataDir, '.other.key.json.0123456789abcdef.tmp'), 'of another profile');
  await writeFile(join(dataDir, 'ledger.db'), 'not ours');
  expect(await store.remove()).toBe(true);
  expect((await readdir(dataDir)).sort()).toEqual(['.other.key.json.0123456789abcdef.tmp', 'ledger.db']);
});
