import { afterEach, expect, test } from 'vitest';
import { temporaryDir } from '../../helpers/ledger-files.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

const NOON_MS = Date.UTC(2026, 10, 23, 12);
const HOUR_MS = 3_600_000;

let tollgate: Tollgate;
let nowMs: number;
afterEach(() => tollgate.close());

async function open(dataDir?: string): Promise<void> {
  tollgate = await openTollgate({
    now: () => nowMs,
    config: { zone: 'UTC' },
    ...(dataDir === undefined ? {} : { dataDir }),
  });
}

const requests = { metric: 'requests', window: 'day', enforce: 'hard' } as const;
const ask = async (token: string): Promise<number> => {
  const answer = await tollgate.post(token, '/moderations', { input: 'hello' });
  await answer.arrayBuffer();
  return answer.status;
};

test('a limit that is raised until midnight lets more through until then, and is what it was after', async () => {
  nowMs = NOON_MS;
  await open();
  const token = await tollgate.createApp('notebook', ['requests=1/day']);
  expect([await ask(token), await ask(token)]).toEqual([200, 429]);
  const raised = await tollgate.client.apps.raise({ app: 'notebook', limit: requests, amount: 2 });
  expect(raised.limits).toMatchObject([
    { amount: 1, free: 2, raise: { amount: 2, until: '2026-11-24T00:00+00:00' } },
  ]);
  expect([await ask(token), await ask(token), await ask(token)]).toEqual([200, 200, 429]);
  nowMs += 12 * HOUR_MS;
  expect((await tollgate.client.apps.get({ app: 'notebook' })).limits).toMatchObject([
    { amount: 1, settled: 0, free: 1, raise: null },
  ]);
  expect([await ask(token), await ask(token)]).toEqual([200, 429]);
});

test('a raise ends in the middle of a window, and can be taken back', async () => {
  nowMs = NOON_MS;
  await open();
  const token = await tollgate.createApp('notebook', ['requests=1/day']);
  await tollgate.client.apps.raise({ app: 'notebook', limit: requests, amount: 5, until: '2h' });
  expect([await ask(token), await ask(token)]).toEqual([200, 200]);
  nowMs += 2 * HOUR_MS;
  expect(await ask(token)).toBe(429);
  await tollgate.client.apps.raise({ app: 'notebook', limit: requests, amount: 5, until: '1h' });
  expect(await ask(token)).toBe(200);
  await tollgate.client.apps.raise({ app: 'notebook', limit: requests, amount: null });
  expect(await ask(token)).toBe(429);
});

test('a raise outlives a restart, and a clock that goes back does not make it longer', async () => {
  nowMs = NOON_MS;
  const dataDir = temporaryDir();
  await open(dataDir);
  await tollgate.createApp('notebook', ['usd=1/day']);
  const limit = { metric: 'usd', window: 'day', enforce: 'hard' } as const;
  await tollgate.client.apps.raise({ app: 'notebook', limit, amount: 500_000_000, until: '1h' });
  const [before] = (await tollgate.client.apps.get({ app: 'notebook' })).limits;
  await tollgate.close();
  await open(dataDir);
  expect((await tollgate.client.apps.get({ app: 'notebook' })).limits).toEqual([before]);
  nowMs += HOUR_MS;
  await tollgate.client.apps.list();
  nowMs -= HOUR_MS;
  expect((await tollgate.client.apps.get({ app: 'notebook' })).limits).toMatchObject([{ raise: null }]);
});

test('the limit of the whole key is raised in the same way, and lets those go on who wait', async () => {
  nowMs = NOON_MS;
  await open();
  const token = await tollgate.createApp('notebook');
  await tollgate.client.limits.set({ limits: [{ ...requests, amount: 0 }] });
  expect(await ask(token)).toBe(429);
  const { limits } = await tollgate.client.limits.raise({ limit: requests, amount: 1, until: '2026-11-23' });
  expect(limits).toMatchObject([{ free: 1, raise: { until: '2026-11-24T00:00+00:00' } }]);
  expect([await ask(token), await ask(token)]).toEqual([200, 429]);
});

test.each(['yesterday', '0h', '2026-11-22', '2026-11-23T11:00:00Z', '400d', ''])(
  'it cannot be raised until %j',
  async (until) => {
    nowMs = NOON_MS;
    await open();
    await tollgate.createApp('notebook', ['requests=1/day']);
    const raise = tollgate.client.apps.raise({ app: 'notebook', limit: requests, amount: 1, until });
    await expect(raise).rejects.toMatchObject({ code: 'input_invalid' });
  },
);

test('there must be a limit to raise', async () => {
  nowMs = NOON_MS;
  await open();
  await tollgate.createApp('notebook', ['usd=1/day']);
  const raise = tollgate.client.apps.raise({ app: 'notebook', limit: requests, amount: 1 });
  await expect(raise).rejects.toMatchObject({ code: 'limit_unknown' });
});
