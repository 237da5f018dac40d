import { expect, onTestFinished, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { ledgerPaths, readLedger, recount, rollup, temporaryDir } from '../helpers/ledger-files.ts';
import { openTollgate, type Tollgate } from '../helpers/open-tollgate.ts';

const DAY_MS = 86_400_000;
const NOON_MS = Date.UTC(2026, 10, 23, 12);

function clockAt(startMs: number): { nowMs: number } {
  return { nowMs: startMs };
}

const statuses = async (tollgate: Tollgate, token: string, count: number): Promise<number[]> => {
  const seen: number[] = [];
  for (let request = 0; request < count; request += 1) {
    const response = await tollgate.post(token, '/chat/completions', CHAT);
    await response.text();
    seen.push(response.status);
  }
  return seen;
};

test('F12 a clock that goes back opens no window again, within a run and over a restart', async () => {
  const clock = clockAt(NOON_MS);
  const dataDir = temporaryDir();
  const open = () => openTollgate({ dataDir, now: () => clock.nowMs, config: { zone: 'UTC' } });
  const first = await open();
  const daily = await first.createApp('daily', ['requests=2/day']);
  const monthly = await first.createApp('monthly', ['requests=1/month']);
  expect(await statuses(first, daily, 3)).toEqual([200, 200, 429]);
  expect(await statuses(first, monthly, 2)).toEqual([200, 429]);

  clock.nowMs -= DAY_MS;
  expect(await statuses(first, daily, 1)).toEqual([429]);
  clock.nowMs -= 40 * DAY_MS;
  expect([await statuses(first, daily, 1), await statuses(first, monthly, 1)]).toEqual([[429], [429]]);
  const { limits } = await first.client.apps.get({ app: 'daily' });
  expect(limits).toMatchObject([{ settled: 2, resetsAt: '2026-11-24T00:00+00:00' }]);
  await first.close();

  const second = await open();
  onTestFinished(() => second.close());
  expect([await statuses(second, daily, 1), await statuses(second, monthly, 1)]).toEqual([[429], [429]]);

  clock.nowMs = NOON_MS + DAY_MS;
  expect([await statuses(second, daily, 3), await statuses(second, monthly, 1)]).toEqual([
    [200, 200, 429],
    [429],
  ]);
  clock.nowMs = NOON_MS;
  expect(await statuses(second, daily, 1)).toEqual([429]);
  clock.nowMs = Date.UTC(2026, 11, 1);
  expect(await statuses(second, monthly, 2)).toEqual([200, 429]);
});

test('F12 a leap to 2038 and back gives one fresh window, and the ledger still adds up', async () => {
  const clock = clockAt(NOON_MS);
  const dataDir = temporaryDir();
  const open = () => openTollgate({ dataDir, now: () => clock.nowMs, config: { zone: 'UTC' } });
  const first = await open();
  const token = await first.createApp('daily', ['requests=1/day']);
  expect(await statuses(first, token, 2)).toEqual([200, 429]);
  clock.nowMs = Date.UTC(2038, 0, 19, 3, 14, 8);
  expect(await statuses(first, token, 2)).toEqual([200, 429]);
  clock.nowMs = NOON_MS;
  expect(await statuses(first, token, 1)).toEqual([429]);
  await first.close();

  const second = await open();
  expect(await statuses(second, token, 1)).toEqual([429]);
  const { requests } = await second.client.requests.list({ outcome: 'settled' });
  expect(requests.map(({ at }) => at)).toEqual(['2038-01-19T03:14:08.000Z', '2026-11-23T12:00:00.000Z']);
  await second.close();
  expect(ledgerPaths(dataDir).dbPath).toContain(dataDir);
  readLedger(dataDir, (db) => expect(rollup(db)).toEqual(recount(db)));
});

test('F12 durations come from a clock that nobody sets', async () => {
  const clock = clockAt(NOON_MS);
  const tollgate = await openTollgate({ now: () => clock.nowMs });
  onTestFinished(() => tollgate.close());
  const token = await tollgate.createApp('tool');
  tollgate.openai.faults.add({ times: 2, fault: { kind: 'latency', ms: 60 } });
  for (const jumpMs of [-DAY_MS, DAY_MS]) {
    const answer = tollgate.post(token, '/chat/completions', CHAT);
    setTimeout(() => {
      clock.nowMs += jumpMs;
    }, 20);
    await (await answer).text();
  }
  const { requests } = await tollgate.client.requests.list({});
  for (const { durationMs, firstByteMs } of requests) {
    expect(durationMs).toBeGreaterThanOrEqual(50);
    expect(durationMs).toBeLessThan(10_000);
    expect(firstByteMs).toBeLessThanOrEqual(durationMs ?? 0);
  }
});
