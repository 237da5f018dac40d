import { afterEach, expect, test } from 'vitest';
import { parseLimit } from '../../../proxy/contract/limits.ts';
import { alertsOf, ask, lookedAt, untilAlerts } from '../../helpers/alerts.ts';
import { temporaryDir } from '../../helpers/ledger-files.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

const NOON_MS = Date.UTC(2026, 10, 23, 12);
const DAY_MS = 86_400_000;
const LIMIT = { metric: 'requests', window: 'day', enforce: 'hard' } as const;

let tollgate: Tollgate;
let nowMs = NOON_MS;
afterEach(() => tollgate.close());

async function open(dataDir?: string): Promise<void> {
  tollgate = await openTollgate({
    now: () => nowMs,
    config: { zone: 'UTC' },
    ...(dataDir === undefined ? {} : { dataDir }),
  });
}

const times = async (count: number, token: string): Promise<void> => {
  for (let time = 0; time < count; time += 1) await ask(tollgate, token);
};
const told = async (count: number): Promise<(number | null)[]> =>
  (await untilAlerts(tollgate, count, 'threshold')).map(({ threshold }) => threshold);

test('at 50, 80 and 100 percent, each once in a window, and again in the next', async () => {
  nowMs = NOON_MS;
  await open();
  const token = await tollgate.createApp('notebook', ['requests=10/day']);
  await times(4, token);
  await lookedAt();
  expect(await alertsOf(tollgate)).toEqual([]);
  await times(1, token);
  expect(await told(1)).toEqual([50]);
  await times(2, token);
  await lookedAt();
  expect(await told(1)).toEqual([50]);
  await times(1, token);
  expect(await told(2)).toEqual([50, 80]);
  await times(4, token);
  const alerts = await untilAlerts(tollgate, 3, 'threshold');
  expect(alerts).toMatchObject([
    {
      threshold: 50,
      severity: 'info',
      app: 'notebook',
      title: 'notebook has used 50 % of 10 requests a day',
    },
    { threshold: 80, severity: 'warning', count: 1, delivered: true, acknowledgedAt: null },
    {
      threshold: 100,
      severity: 'critical',
      title: 'notebook has used up 10 requests a day',
      limit: { ...LIMIT, amount: 10 },
      windowEndsAt: '2026-11-24T00:00:00.000Z',
    },
  ]);
  await times(3, token);
  await lookedAt();
  expect(await told(3)).toHaveLength(3);
  nowMs += DAY_MS;
  await times(5, token);
  expect(await told(4)).toEqual([50, 80, 100, 50]);
});

test('a refusal because of a limit is 100 percent, however much of it is left', async () => {
  nowMs = NOON_MS;
  await open();
  const token = await tollgate.createApp('notebook', ['usd=0.000001/day']);
  const answer = await tollgate.post(token, '/chat/completions', {
    model: 'gpt-5.4-mini',
    max_completion_tokens: 500,
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect(answer.status).toBe(429);
  const [alert] = await untilAlerts(tollgate, 1, 'threshold');
  expect(alert).toMatchObject({ threshold: 100, severity: 'critical' });
  expect(alert?.detail).toContain('Requests that do not fit are refused.');
});

test('a limit has thresholds of its own, none at all, or those of the settings', async () => {
  nowMs = NOON_MS;
  await open();
  const { client } = tollgate;
  const [own, none, settings] = await Promise.all(
    ['own', 'none', 'settings'].map((name) => tollgate.createApp(name, ['requests=10/day'])),
  );
  const set = (app: string, percents: number[] | null) =>
    client.limits.setThresholds({ app, limit: LIMIT, percents });
  expect((await set('own', [90, 30, 30])).limits).toMatchObject([
    { thresholds: [30, 90], hasOwnThresholds: true },
  ]);
  await set('none', []);
  await client.alerts.change({ thresholds: [70, 20] });
  const { limits } = await client.apps.get({ app: 'settings' });
  expect(limits).toMatchObject([{ thresholds: [20, 70], hasOwnThresholds: false }]);
  for (const token of [own, none, settings]) await times(3, token ?? '');
  const alerts = await untilAlerts(tollgate, 2, 'threshold');
  await lookedAt();
  expect(alerts.map(({ app, threshold }) => [app, threshold]).sort()).toEqual([
    ['own', 30],
    ['settings', 20],
  ]);
  expect((await set('own', null)).limits).toMatchObject([{ thresholds: [20, 70], hasOwnThresholds: false }]);
  await expect(
    client.limits.setThresholds({ app: 'own', limit: { ...LIMIT, window: 'hour' }, percents: [] }),
  ).rejects.toMatchObject({ code: 'limit_unknown' });
});

test('limits of the whole key and those that only warn have theirs, too', async () => {
  nowMs = NOON_MS;
  await open();
  const { client } = tollgate;
  await client.limits.set({ limits: [{ ...parseLimit('requests=4/month'), enforce: 'hard' }] });
  await client.apps.create({
    name: 'warned',
    limits: [{ ...parseLimit('requests=1/day'), enforce: 'warn' }],
  });
  const { token } = await client.apps.rotate({ app: 'warned' });
  expect([await ask(tollgate, token), await ask(tollgate, token)]).toEqual([200, 200]);
  const alerts = await untilAlerts(tollgate, 2, 'threshold');
  expect(alerts).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        app: null,
        title: 'Everything on the key has used 50 % of 4 requests a month',
      }),
      expect.objectContaining({ app: 'warned', threshold: 100, severity: 'warning' }),
    ]),
  );
});

test('a raised limit is another amount: what was told of the old one does not keep it quiet', async () => {
  nowMs = NOON_MS;
  await open();
  const token = await tollgate.createApp('notebook', ['requests=2/day']);
  await times(2, token);
  await lookedAt();
  const before = (await alertsOf(tollgate, 'threshold')).length;
  await tollgate.client.apps.raise({ app: 'notebook', limit: LIMIT, amount: 2 });
  await times(1, token);
  // Of the four, three are used by then; half of them was told of the two, too.
  const alerts = await untilAlerts(tollgate, before + 1, 'threshold');
  expect(alerts.at(-1)).toMatchObject({ threshold: 50, limit: { amount: 4 } });
});

test('what was told before a restart is not told again', async () => {
  nowMs = NOON_MS;
  const dir = temporaryDir();
  await open(dir);
  const token = await tollgate.createApp('notebook', ['requests=2/day']);
  await times(1, token);
  expect(await told(1)).toEqual([50]);
  await tollgate.close();
  await open(dir);
  await times(1, token);
  expect(await told(2)).toEqual([50, 100]);
  await times(1, token);
  await lookedAt();
  expect(await told(2)).toEqual([50, 100]);
});
