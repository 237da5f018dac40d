import { chmodSync, chownSync, existsSync, lstatSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLedgerDatabase } from '../../../proxy/ledger/open-database.ts';
import { ledgerPaths, temporaryDir } from '../../helpers/ledger-files.ts';

function closedLedger(): { dir: string; dbPath: string } {
  const dir = temporaryDir();
  const { dbPath } = ledgerPaths(dir);
  openLedgerDatabase(dbPath).close();
  return { dir, dbPath };
}

test('A29 a ledger that is a link to another file is refused', () => {
  const { dir, dbPath } = closedLedger();
  renameSync(dbPath, join(dir, 'elsewhere.db'));
  symlinkSync(join(dir, 'elsewhere.db'), dbPath);
  expect(() => openLedgerDatabase(dbPath)).toThrow(
    expect.objectContaining({ code: 'home_unsafe', message: expect.stringContaining('symbolic link') }),
  );
});

test.each([0o644, 0o660, 0o602])('A29 a ledger with mode %i (decimal) is refused', (mode) => {
  const { dbPath } = closedLedger();
  chmodSync(dbPath, mode);
  expect(() => openLedgerDatabase(dbPath)).toThrow(
    expect.objectContaining({ code: 'home_unsafe', hint: expect.stringContaining('chmod 600') }),
  );
});

const isRoot = process.getuid?.() === 0;

test.skipIf(!isRoot)(
  `A29 a ledger of another user is refused${isRoot ? '' : ' (skipped: only root can give a file away)'}`,
  () => {
    const { dbPath } = closedLedger();
    chownSync(dbPath, 1234, 1234);
    expect(() => openLedgerDatabase(dbPath)).toThrow(
      expect.objectContaining({ code: 'home_unsafe', message: expect.stringContaining('another user') }),
    );
  },
);

test('A29 a link to nothing is replaced by a ledger, and nothing is made where it points', () => {
  const dir = temporaryDir();
  const { dbPath } = ledgerPaths(dir);
  symlinkSync(join(dir, 'not-there.db'), dbPath);
  openLedgerDatabase(dbPath).close();
  expect(lstatSync(dbPath).isFile()).toBe(true);
  expect(existsSync(join(dir, 'not-there.db'))).toBe(false);
});
