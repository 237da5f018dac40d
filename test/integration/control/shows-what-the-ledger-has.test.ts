import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RequestFilter, RequestView } from '../../../proxy/contract/requests.ts';
import { ask } from '../../helpers/alerts.ts';
import { untilIdle } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

const NOON_MS = Date.UTC(2026, 10, 23, 12);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let tollgate: Tollgate;
let nowMs = NOON_MS - 3 * DAY_MS;
/** Days begin at half past six in the evening of UTC, as in India. */
const ZONE = 'Asia/Kolkata';
const MODELS = ['gpt-5.4-mini', 'gpt-5.4'];

beforeAll(async () => {
  tollgate = await openTollgate({ now: () => nowMs, config: { zone: ZONE } });
  const tokens = [
    await tollgate.createApp('notebook', ['usd=5/day']),
    await tollgate.createApp('bot', ['usd=0.00001/day']),
  ];
  for (let hour = 0; nowMs <= NOON_MS; hour += 1) {
    const model = MODELS[hour % 2] ?? '';
    for (const [at, token] of tokens.entries()) {
      const answer = await tollgate.post(token, at === 0 ? '/chat/completions' : '/responses', {
        model,
        ...(at === 0
          ? { max_completion_tokens: 20, messages: [{ role: 'user', content: 'Hi' }] }
          : { max_output_tokens: 900, input: 'Hi' }),
        ...(at === 0 ? { user: `user-${hour % 3}` } : {}),
      });
      await answer.arrayBuffer();
    }
    nowMs += 3 * HOUR_MS;
  }
  nowMs = NOON_MS + 60_000;
  await untilIdle(tollgate);
}, 120_000);
afterAll(() => tollgate.close());

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

test('a chart adds up to the report of its range, whatever its step and its key', async () => {
  const { client, openai } = tollgate;
  const { total } = await client.usage.report({ by: 'app', since: '5d' });
  expect(total.costNanoUsd).toBe(openai.bill.totalNanoUsd());
  expect(total.refused).toBeGreaterThan(10);
  for (const step of ['hour', 'day', 'quarter'] as const) {
    for (const by of [undefined, 'app', 'model', 'endpoint'] as const) {
      const chart = await client.usage.series({ step, since: '5d', ...(by ? { by } : {}) });
      expect(chart.series.every(({ costNanoUsd }) => costNanoUsd.length === chart.at.length)).toBe(true);
      expect(sum(chart.series.flatMap(({ costNanoUsd }) => costNanoUsd))).toBe(total.costNanoUsd);
      expect(sum(chart.series.flatMap(({ requests }) => requests))).toBe(total.requests);
      expect(sum(chart.series.flatMap(({ refused }) => refused))).toBe(total.refused);
    }
  }
  const days = await client.usage.series({ step: 'day', since: '5d' });
  expect(days.at.every((at) => at.endsWith('T00:00+05:30'))).toBe(true);
  const report = await client.usage.report({ by: 'day', since: '5d' });
  const costs = days.at.map((at, index) => [at.slice(0, 10), days.series[0]?.costNanoUsd[index] ?? 0]);
  expect(report.rows.map(({ key, costNanoUsd }) => [key, costNanoUsd])).toEqual(
    costs.filter(([day]) => report.rows.some(({ key }) => key === day)),
  );
  expect(sum(report.rows.map(({ costNanoUsd }) => costNanoUsd))).toBe(total.costNanoUsd);
});

test('the dearest get a line, and the rest one together; too many points are refused', async () => {
  const { client } = tollgate;
  const chart = await client.usage.series({ step: 'day', since: '5d', by: 'model', top: 1 });
  expect(chart.series.map(({ name }) => name)).toEqual(['gpt-5.4', 'Other']);
  await expect(client.usage.series({ step: 'quarter', since: '60d' })).rejects.toMatchObject({
    code: 'input_invalid',
  });
});

test('the first screen says today and this month as limits count them', async () => {
  const { client } = tollgate;
  const [overview, today, yesterday, month] = await Promise.all([
    client.usage.overview(),
    client.usage.report({ by: 'app', since: '2026-11-23' }),
    client.usage.report({ by: 'app', since: '2026-11-22', until: '2026-11-22' }),
    client.usage.report({ by: 'app' }),
  ]);
  expect(overview.today).toEqual(today.total);
  expect(overview.yesterday).toEqual(yesterday.total);
  expect(overview.month).toEqual(month.total);
  const { spent } = await client.apps.get({ app: 'notebook' });
  expect(spent.todayNanoUsd).toBe(today.rows.find(({ name }) => name === 'notebook')?.costNanoUsd);
  expect(spent.monthNanoUsd).toBe(month.rows.find(({ name }) => name === 'notebook')?.costNanoUsd);
  expect(overview.topApps[0]?.name).toBe('notebook');
  expect(overview.topModels.map(({ key }) => key)).toContain('gpt-5.4');
  expect(overview.heldNanoUsd).toBe(0);
  // What the last hour has cost, by the hour.
  expect(overview.burnNanoUsdPerHour).toBeGreaterThan(0);
});

test('requests are found by each filter, page by page, and no other', async () => {
  const { client } = tollgate;
  const { requests: all } = await client.requests.list({ limit: 1_000 });
  const facets = await client.requests.facets();
  expect(facets.models.sort()).toEqual([...MODELS].sort());
  expect(facets.users.sort()).toEqual(['user-0', 'user-1', 'user-2']);
  expect(facets.endpoints.sort()).toEqual(['/v1/chat/completions', '/v1/responses']);
  const dear = Math.max(...all.map(({ costNanoUsd }) => costNanoUsd ?? 0));
  const filters: readonly (readonly [RequestFilter, (request: RequestView) => boolean])[] = [
    [{ app: 'bot' }, ({ app }) => app === 'bot'],
    [{ model: 'gpt-5.4' }, ({ model }) => model === 'gpt-5.4'],
    [{ user: 'user-1' }, ({ user }) => user === 'user-1'],
    [{ outcome: 'refused' }, ({ outcome }) => outcome === 'refused'],
    [{ status: 429 }, ({ status }) => status === 429],
    [{ reason: 'quota_exceeded' }, ({ reason }) => reason === 'quota_exceeded'],
    [{ minCostNanoUsd: dear }, ({ costNanoUsd }) => costNanoUsd === dear],
    [{ since: '2026-11-23' }, ({ at }) => at >= '2026-11-22T18:30'],
    [
      { endpoint: '/v1/responses', outcome: ['settled', 'refused'] },
      ({ endpoint }) => endpoint === '/v1/responses',
    ],
  ];
  for (const [filter, keep] of filters) {
    const found: string[] = [];
    for (let before: string | undefined; ; ) {
      const page = await client.requests.list({ ...filter, limit: 7, ...(before ? { before } : {}) });
      found.push(...page.requests.map(({ id }) => id));
      if (page.next === null) break;
      before = page.next;
    }
    const expected = all.filter(keep).map(({ id }) => id);
    expect(expected.length).toBeGreaterThan(0);
    expect([filter, found]).toEqual([filter, expected]);
  }
});

test('a request has the life of its hold, and says why it was refused', async () => {
  const { client } = tollgate;
  const [settled] = (await client.requests.list({ app: 'notebook', limit: 1 })).requests;
  const good = await client.requests.get({ id: settled?.id ?? '' });
  expect(good.life.map(({ what }) => what)).toEqual(['held', 'first-byte', 'settled']);
  expect(good.life[0]?.nanoUsd).toBe(settled?.holdNanoUsd);
  expect(good.life.at(-1)?.nanoUsd).toBe(settled?.costNanoUsd);
  expect(good.price?.model).toMatch(/^gpt-5\.4/);
  expect(good.explanation).toBeNull();
  const [refused] = (await client.requests.list({ app: 'bot', limit: 1 })).requests;
  const bad = await client.requests.get({ id: refused?.id ?? '' });
  expect(bad.life.map(({ what }) => what)).toEqual(['refused']);
  expect(bad.rule).toBe('limit usd=0.00001/day of the app');
  expect(bad.explanation?.hint).toMatch(/\w/);
  for (const id of ['tgr_nothing', 'x', "'; DROP TABLE requests"]) {
    await expect(client.requests.get({ id })).rejects.toMatchObject({ code: 'request_unknown' });
  }
});

test('tokens have labels and ends, and each is revoked alone', async () => {
  const { client } = tollgate;
  await tollgate.createApp('many', ['requests=100/day']);
  const laptop = await client.tokens.issue({ app: 'many', label: ' laptop ', expires: null });
  const brief = await client.tokens.issue({ app: 'many', label: null, expires: '2h' });
  expect(await ask(tollgate, brief.token)).toBe(200);
  const { tokens } = await client.tokens.list({ app: 'many' });
  expect(tokens).toMatchObject([
    { label: null, expiresAt: null, lastUsedAt: null },
    { label: 'laptop', expiresAt: null },
    {
      label: null,
      expiresAt: new Date(nowMs + 2 * HOUR_MS).toISOString(),
      lastUsedAt: new Date(nowMs).toISOString(),
    },
  ]);
  await client.tokens.revoke({ app: 'many', id: laptop.id });
  expect([await ask(tollgate, laptop.token), await ask(tollgate, brief.token)]).toEqual([401, 200]);
  nowMs += 2 * HOUR_MS;
  expect(await ask(tollgate, brief.token)).toBe(401);
  await expect(client.tokens.revoke({ app: 'notebook', id: brief.id })).rejects.toMatchObject({
    code: 'token_unknown',
  });
  await expect(
    client.tokens.issue({ app: 'many', label: null, expires: '2020-01-01' }),
  ).rejects.toMatchObject({
    code: 'input_invalid',
  });
});

test('settings are kept, and what needs a restart says so', async () => {
  const { client } = tollgate;
  expect(await client.settings.get()).toMatchObject({ restartNeeded: false, dashboard: { theme: 'auto' } });
  const light = await client.settings.set({ dashboard: { theme: 'dark' } });
  expect(light).toMatchObject({ restartNeeded: false, dashboard: { theme: 'dark', time: 'local' } });
  expect(await client.settings.set({ engine: { port: 5_000 } })).toMatchObject({ restartNeeded: true });
  expect(await client.settings.set({ engine: { port: null } })).toMatchObject({ restartNeeded: false });
  await expect(client.settings.set({ engine: { zone: 'Mars/Olympus' } })).rejects.toMatchObject({
    code: 'input_invalid',
  });
  for (const wrong of [{ engine: { port: 70_000 } }, { engine: { queueMs: -1 } }]) {
    await expect(client.settings.set(wrong)).rejects.toThrow();
  }
});
