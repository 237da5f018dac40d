import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { CHAT, type EngineHome, openEngineHome, post } from '../helpers/engine-home.ts';
import { ledgerPaths, readLedger, tamper, temporaryDir } from '../helpers/ledger-files.ts';
import { runTollgate } from '../helpers/tollgate-command.ts';

const ENV = {
  OPENAI_API_KEY: 'sk-proj-0123456789abcdefghij',
  XDG_CACHE_HOME: join(tmpdir(), 'tollgate-test-cache'),
};

let template: { readonly dir: string; readonly spent: number } | null = null;
afterAll(() => {
  if (template) rmSync(template.dir, { recursive: true, force: true });
});

/** A home that was used and whose engine was killed, so that its newest rows are only in the log. */
async function killedHome(): Promise<{ home: EngineHome; spent: number; dbPath: string }> {
  template ??= await makeTemplate();
  const dir = temporaryDir();
  cpSync(template.dir, dir, { recursive: true });
  const home = await openEngineHome({ dir });
  return { home, spent: template.spent, dbPath: ledgerPaths(dir).dbPath };
}

async function makeTemplate(): Promise<{ dir: string; spent: number }> {
  const home = await openEngineHome();
  const served = await home.start();
  const token = await home.createApp('tool', ['usd=1/day']);
  for (let request = 0; request < 8; request += 1) {
    await (await post(served, token, '/chat/completions', CHAT)).text();
  }
  const { total } = await home.control((client) => client.usage.report({ by: 'app' }));
  await served.stop('SIGKILL');
  const dir = mkdtempSync(join(tmpdir(), 'tollgate-ledger-'));
  // Sockets cannot be copied, and nobody needs the one of an engine that is dead.
  cpSync(home.dir, dir, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  return { dir, spent: total.costNanoUsd };
}

function damageMiddleOf(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(0xa5, 6_000, 10_000);
  writeFileSync(path, bytes);
}

const DAMAGES: readonly (readonly [string, string, (dbPath: string) => void])[] = [
  ['F09 an empty ledger', 'ledger_damaged', (dbPath) => truncateSync(dbPath, 0)],
  [
    'F09 a ledger of garbage',
    'ledger_damaged',
    (dbPath) => writeFileSync(dbPath, Buffer.alloc(40_000, 0xa5)),
  ],
  [
    'F09 a log of garbage',
    'ledger_damaged',
    (dbPath) => writeFileSync(`${dbPath}-wal`, Buffer.alloc(40_000, 0xa5)),
  ],
  ['F09 a log with a gap', 'ledger_damaged', (dbPath) => damageMiddleOf(`${dbPath}-wal`)],
  ['F09 a log whose ledger is gone', 'ledger_damaged', (dbPath) => rmSync(dbPath)],
  [
    'F24 a ledger of a newer Tollgate',
    'ledger_newer',
    (dbPath) => tamper(join(dbPath, '..'), 'PRAGMA user_version = 99'),
  ],
];

test.each(DAMAGES)(
  '%s: named, no engine, nothing spent, nothing touched',
  async (_what, expected, damage) => {
    const { home, dbPath } = await killedHome();
    damage(dbPath);
    const files = (): (Buffer | null)[] => [dbPath, `${dbPath}-wal`].map(readIfThere);
    const before = files();
    const args = [
      'serve',
      '--json',
      '--port=0',
      '--no-dashboard',
      '--key-store=env',
      `--upstream=${home.openai.baseUrl}`,
    ];
    const { code, stdout, stderr } = await runTollgate(args, { home: home.dir, env: ENV });
    expect([code, stdout]).toEqual([1, '']);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: expected, message: expect.any(String), hint: expect.stringContaining('not touched') },
    });
    expect(files()).toEqual(before);
  },
);

/** A log without content is as good as none. */
function readIfThere(path: string): Buffer | null {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  return bytes.length === 0 ? null : bytes;
}

test('F09 a shared-memory file that is gone: everything spent is still there', async () => {
  const { home, dbPath, spent } = await killedHome();
  rmSync(`${dbPath}-shm`);
  await home.start();
  const { total } = await home.control((client) => client.usage.report({ by: 'app' }));
  expect(total.costNanoUsd).toBe(spent);
});

test('F09 a log that is gone after a crash is told, since what it held cannot be counted any more', async () => {
  const { home, dbPath } = await killedHome();
  rmSync(`${dbPath}-wal`);
  const served = await home.start();
  expect((await home.control((client) => client.engine.status())).ledgerHealthy).toBe(true);
  expect(await served.stop()).toBe(0);
  const found = readLedger(home.dir, (db: Database.Database) =>
    db.prepare('SELECT finding FROM findings').pluck().all(),
  );
  expect(found).toContain('ledger_log_lost');
  expect(readFileSync(join(home.dir, 'logs', 'engine.log'), 'utf8')).toContain('ledger_log_lost');
  const next = await home.start();
  expect(await home.requests()).toEqual([]);
  expect(await next.stop()).toBe(0);
  const again = readLedger(home.dir, (db: Database.Database) =>
    db.prepare('SELECT finding FROM findings').pluck().all(),
  );
  expect(again).toEqual(found);
});
