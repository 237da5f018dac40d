import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHAT, openEngineHome, post } from '../helpers/engine-home.ts';
import { readLedger, recount, rollup, temporaryDir } from '../helpers/ledger-files.ts';
import { attachStrace, NO_STRACE } from '../helpers/strace.ts';
import { until } from '../helpers/until.ts';

const skipped = NO_STRACE === null ? '' : ` (skipped: ${NO_STRACE})`;

test.skipIf(NO_STRACE !== null)(`I2 every request pays for a sync of the disk${skipped}`, async () => {
  const home = await openEngineHome();
  const served = await home.start();
  const token = await home.createApp('tool');
  const count = ['-e', 'trace=fdatasync,fsync'];
  const strace = await attachStrace(served.pid, count, join(temporaryDir(), 'log'));
  for (let request = 0; request < 10; request += 1) {
    expect((await post(served, token, '/chat/completions', CHAT)).status).toBe(200);
  }
  await strace.detach();
  // One for each hold; the ends are further ones, or share that of the next hold.
  expect(strace.log().match(/(fdatasync|fsync)\(/g)?.length ?? 0).toBeGreaterThanOrEqual(10);
});

const FAILURES = [
  ['F08 a disk that fails to sync', 'fsync,fdatasync:error=EIO'],
  ['F06 a disk without room', 'pwrite64:error=ENOSPC'],
] as const;

test.skipIf(NO_STRACE !== null).each(FAILURES)(
  `%s lets nothing go out, and all again when it works${skipped}`,
  async (_what, inject) => {
    const home = await openEngineHome();
    const served = await home.start();
    const token = await home.createApp('tool', ['usd=1/day']);
    const send = () => post(served, token, '/chat/completions', CHAT);
    expect((await send()).status).toBe(200);
    const slow = { fault: { kind: 'latency', ms: 3_000 } } as const;
    home.openai.faults.add(slow);
    const underway = send();
    await until(() => home.openai.received.length === 2);

    const trace = `trace=${inject.split(':')[0]}`;
    const strace = await attachStrace(
      served.pid,
      ['-e', trace, '-e', `inject=${inject}`],
      join(temporaryDir(), 'log'),
    );
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const refused = await send();
      expect([refused.status, refused.headers.get('x-tollgate-error')]).toEqual([503, 'ledger_unavailable']);
    }
    // What was on its way ends for its client, and the dashboard answers.
    expect((await underway).status).toBe(200);
    expect(home.openai.received).toHaveLength(2);
    const status = await home.control((client) => client.engine.status());
    expect([status.ledgerHealthy, status.inFlight]).toEqual([false, 0]);
    expect((await home.control((client) => client.usage.report({ by: 'app' }))).total.requests).toBe(1);
    const { limits } = await home.control((client) => client.apps.get({ app: 'tool' }));
    expect(limits).toMatchObject([{ settled: home.openai.bill.totalNanoUsd(), held: 0 }]);
    await expect(home.createApp('other')).rejects.toMatchObject({ code: 'ledger_unavailable' });

    await strace.detach();
    await until(async () => (await home.control((client) => client.engine.status())).ledgerHealthy);
    expect((await send()).status).toBe(200);
    const { total } = await home.control((client) => client.usage.report({ by: 'app' }));
    expect(total).toMatchObject({
      requests: 3,
      costNanoUsd: home.openai.bill.totalNanoUsd(),
      heldNanoUsd: 0,
    });
    expect(await served.stop()).toBe(0);
    readLedger(home.dir, (db) => {
      expect(db.pragma('quick_check', { simple: true })).toBe('ok');
      expect(rollup(db)).toEqual(recount(db));
    });
  },
);
