import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { takeFolderLock } from '../../../proxy/ledger/folder-lock.ts';
import { ledgerPaths, temporaryDir } from '../../helpers/ledger-files.ts';

test('F11 the second who asks gets nothing, until the first gives it back', () => {
  const { lockPath } = ledgerPaths(temporaryDir());
  const first = takeFolderLock(lockPath);
  expect(first).not.toBeNull();
  expect(takeFolderLock(lockPath)).toBeNull();
  expect(takeFolderLock(lockPath)).toBeNull();
  first?.release();
  const next = takeFolderLock(lockPath);
  expect(next).not.toBeNull();
  next?.release();
});

test.each([
  ['a folder in its place', (path: string) => mkdirSync(path)],
  ['something else in its place', (path: string) => writeFileSync(path, 'x'.repeat(4096), { mode: 0o600 })],
])('a lock file that cannot be one (%s) is an error that names it', (_what, prepare) => {
  const { lockPath } = ledgerPaths(temporaryDir());
  prepare(lockPath);
  expect(() => takeFolderLock(lockPath)).toThrow(
    expect.objectContaining({ code: 'home_unwritable', message: expect.stringContaining(lockPath) }),
  );
});
