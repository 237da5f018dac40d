import { once } from 'node:events';
import { closeSync, copyFileSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLedgerDatabase } from '../../proxy/ledger/open-database.ts';
import { CHAT, openEngineHome, post } from '../helpers/engine-home.ts';
import { ledgerPaths, temporaryDir } from '../helpers/ledger-files.ts';
import { attachStrace, NO_STRACE } from '../helpers/strace.ts';

/** How much of the log was on the disk for certain: what was written before its last completed sync. */
function syncedBytes(log: string): number {
  let written = 0;
  let synced = 0;
  for (const line of log.split('\n')) {
    const write = /pwrite64\(\d+<[^>]*ledger\.db-wal>.* (\d+), (\d+)\)\s+= \d+/.exec(line);
    if (write) written = Math.max(written, Number(write[1]) + Number(write[2]));
    if (/(fdatasync|fsync)\(\d+<[^>]*ledger\.db-wal>\)\s+= 0/.test(line)) synced = written;
  }
  return synced;
}

const title = 'F05 I2 a power cut at the moment a request reaches OpenAI loses no hold';

test.skipIf(NO_STRACE !== null)(
  `${title}${NO_STRACE === null ? '' : ` (skipped: ${NO_STRACE})`}`,
  async () => {
    const after = temporaryDir();
    const { dbPath } = ledgerPaths(after);
    let arrived = 0;
    let release: () => void = () => undefined;
    const upstream = createServer((request, response) => {
      request.resume();
      if (request.method !== 'POST') {
        response.end('{}');
        return;
      }
      arrived += 1;
      // At this instant, in the turn in which the first byte is seen.
      for (const suffix of ['', '-wal'])
        copyFileSync(`${ledgerPaths(home.dir).dbPath}${suffix}`, `${dbPath}${suffix}`);
      release = () => response.writeHead(503).end();
    }).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const { port } = upstream.address() as { port: number };
    const home = await openEngineHome({ upstream: `http://127.0.0.1:${port}/v1` });
    const served = await home.start();
    const token = await home.createApp('tool', ['usd=1/day']);

    const strace = await attachStrace(
      served.pid,
      ['-y', '-e', 'trace=pwrite64,fdatasync,fsync'],
      join(after, 'log'),
    );
    const answer = post(served, token, '/chat/completions', CHAT);
    const reached = once(upstream, 'request');
    await reached;
    await strace.detach();
    release();
    await answer;
    upstream.close();
    upstream.closeAllConnections();
    expect(arrived).toBe(1);

    const bytes = statSync(`${dbPath}-wal`).size;
    const synced = syncedBytes(strace.log());
    expect(synced).toBeGreaterThan(0);
    // What was not synced is gone or anything at all.
    truncateSync(`${dbPath}-wal`, Math.min(synced, bytes));
    const wal = openSync(`${dbPath}-wal`, 'a');
    writeSync(wal, Buffer.alloc(4120, 0x5a));
    closeSync(wal);
    const db = openLedgerDatabase(dbPath);
    expect(db.pragma('quick_check', { simple: true })).toBe('ok');
    expect(db.prepare('SELECT outcome FROM requests').pluck().all()).toEqual(['open']);
    db.close();
  },
);
