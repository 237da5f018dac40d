import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CHAT, openEngineHome, post } from '../helpers/engine-home.ts';
import { readLedger, recount, rollup } from '../helpers/ledger-files.ts';
import { runTollgate } from '../helpers/tollgate-command.ts';
import { until } from '../helpers/until.ts';

/** A small file system of its own; null when this user may not mount one. */
function mountSmallDisk(): string | null {
  if (process.platform !== 'linux') return null;
  const dir = mkdtempSync(join(tmpdir(), 'tollgate-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', dir]);
  if (mounted.status === 0) return dir;
  rmdirSync(dir);
  return null;
}

function unmount(dir: string): void {
  spawnSync('umount', ['-l', dir]);
  rmdirSync(dir);
}

const probe = mountSmallDisk();
if (probe) unmount(probe);
const skipped = probe ? '' : ' (skipped: mounting a small file system takes root on Linux)';

function smallDisk(): string {
  const dir = mountSmallDisk();
  if (dir === null) throw new Error('the file system cannot be mounted any more');
  onTestFinished(() => unmount(dir));
  return dir;
}

/** Takes what room is left, down to the last byte. */
function fill(dir: string): void {
  const fd = openSync(join(dir, 'filler'), 'a');
  try {
    for (const bytes of [65_536, 4_096, 1]) {
      for (;;) if (writeSync(fd, Buffer.alloc(bytes)) < bytes) break;
    }
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
  } finally {
    closeSync(fd);
  }
}

test.skipIf(!probe)(
  `F06 on a full disk no spend begins, streams end, and all is booked when there is room${skipped}`,
  async () => {
    const dir = smallDisk();
    const home = await openEngineHome({
      dir,
      openai: { tokensPerSecond: 60, outputTokens: { min: 60, max: 60 } },
    });
    const served = await home.start();
    const token = await home.createApp('tool', ['usd=1/day']);
    const stream = await post(served, token, '/chat/completions', { ...CHAT, stream: true });
    fill(dir);

    const refused = await post(served, token, '/chat/completions', CHAT);
    expect([refused.status, refused.headers.get('x-tollgate-error')]).toEqual([503, 'ledger_unavailable']);
    expect(await stream.text()).toContain('[DONE]');
    expect(home.openai.received).toHaveLength(1);
    for (let attempt = 0; attempt < 30; attempt += 1) {
      expect((await post(served, token, '/chat/completions', CHAT)).status).toBe(503);
    }
    const status = await home.control((client) => client.engine.status());
    expect([status.ledgerHealthy, status.inFlight]).toEqual([false, 0]);
    expect(await home.requests()).toMatchObject([{ outcome: 'open' }]);
    expect((await fetch(new URL('/healthz', served.baseUrl))).status).toBe(503);

    rmSync(join(dir, 'filler'));
    await until(async () => (await home.control((client) => client.engine.status())).ledgerHealthy);
    expect((await post(served, token, '/chat/completions', CHAT)).status).toBe(200);
    const { total } = await home.control((client) => client.usage.report({ by: 'app' }));
    expect(total).toMatchObject({
      requests: 2,
      costNanoUsd: home.openai.bill.totalNanoUsd(),
      heldNanoUsd: 0,
    });
    expect(await served.stop()).toBe(0);
    readLedger(dir, (db) => {
      expect(db.pragma('quick_check', { simple: true })).toBe('ok');
      expect(rollup(db)).toEqual(recount(db));
    });
  },
);

test.skipIf(!probe)(
  `F06 an engine that was killed on a full disk starts again when there is room${skipped}`,
  async () => {
    const dir = smallDisk();
    const home = await openEngineHome({
      dir,
      openai: { tokensPerSecond: 20, outputTokens: { min: 400, max: 400 } },
    });
    const served = await home.start();
    const token = await home.createApp('tool', ['usd=1/day']);
    const stream = await post(served, token, '/chat/completions', { ...CHAT, stream: true });
    fill(dir);
    expect((await post(served, token, '/chat/completions', CHAT)).status).toBe(503);
    await served.stop('SIGKILL');
    await expect(stream.text()).rejects.toThrow();

    const env = {
      OPENAI_API_KEY: 'sk-proj-0123456789abcdefghij',
      XDG_CACHE_HOME: join(tmpdir(), 'tollgate-test-cache'),
    };
    const failed = await runTollgate(['serve', '--port=0', '--no-dashboard', '--key-store=env'], {
      home: dir,
      env,
    });
    expect([failed.code, failed.stdout]).toEqual([1, '']);
    expect(failed.stderr).toMatch(/^tollgate: error: .*(full|space)/im);
    expect(failed.stderr).toContain('hint:');

    rmSync(join(dir, 'filler'));
    await home.start();
    expect(await home.requests()).toMatchObject([{ outcome: 'charged-at-bound', reason: 'interrupted' }]);
  },
);
