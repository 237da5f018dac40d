import { afterEach, beforeEach, expect, test } from 'vitest';
import { alertsOf, ask, lookedAt, untilAlerts } from '../../helpers/alerts.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

const NOON_MS = Date.UTC(2026, 10, 23, 12);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let tollgate: Tollgate;
let nowMs: number;
beforeEach(async () => {
  nowMs = NOON_MS;
  tollgate = await openTollgate({ now: () => nowMs, config: { zone: 'UTC' } });
});
afterEach(() => tollgate.close());

/** One alert of each of these apps. */
async function alertsFor(names: readonly string[]): Promise<Map<string, string>> {
  const tokens = new Map<string, string>();
  for (const name of names) {
    const token = await tollgate.createApp(name, ['requests=2/day']);
    tokens.set(name, token);
    await ask(tollgate, token);
  }
  await untilAlerts(tollgate, names.length);
  return tokens;
}

test('it is read page by page, by app, by kind, and only what is open', async () => {
  const { client } = tollgate;
  await alertsFor(['one', 'two', 'three']);
  const first = await client.alerts.list({ limit: 2 });
  expect(first.alerts).toHaveLength(2);
  expect(first.open).toBe(3);
  const second = await client.alerts.list({ limit: 2, before: first.next ?? 0 });
  expect(second.alerts).toHaveLength(1);
  expect(second.next).toBeNull();
  const ids = [...first.alerts, ...second.alerts].map(({ id }) => id);
  expect(ids).toEqual([...ids].sort((a, b) => b - a));
  expect((await client.alerts.list({ app: 'two' })).alerts).toMatchObject([{ app: 'two' }]);
  expect((await client.alerts.list({ kind: 'real-key' })).alerts).toEqual([]);
  const acknowledged = await client.alerts.acknowledge({ ids: [ids[0] ?? 0, 999] });
  expect(acknowledged).toEqual({ acknowledged: 1, open: 2 });
  expect((await client.alerts.list({ state: 'open' })).alerts.map(({ id }) => id)).toEqual(ids.slice(1));
  expect(await client.alerts.acknowledge({ ids: 'all' })).toEqual({ acknowledged: 2, open: 0 });
  expect(await client.alerts.acknowledge({ ids: 'all' })).toEqual({ acknowledged: 0, open: 0 });
  expect((await alertsOf(tollgate)).every(({ acknowledgedAt }) => acknowledgedAt !== null)).toBe(true);
  expect((await client.engine.status()).openAlerts).toBe(0);
});

test('what is snoozed is kept and not delivered, until the snooze ends or is taken back', async () => {
  const { client } = tollgate;
  const tokens = await alertsFor(['notebook', 'other']);
  const [first] = (await alertsOf(tollgate)).filter(({ app }) => app === 'notebook');
  const id = first?.id ?? 0;
  const snoozed = await client.alerts.snooze({ id, until: 'window' });
  expect(snoozed.snoozedUntil).toBe('2026-11-24T00:00:00.000Z');
  const longer = await client.alerts.snooze({ id, until: '3d' });
  expect(longer.snoozedUntil).toBe(new Date(NOON_MS + 3 * DAY_MS).toISOString());
  for (const token of tokens.values()) await ask(tollgate, token);
  const full = (await untilAlerts(tollgate, 4)).filter(({ threshold }) => threshold === 100);
  expect(full.map(({ app, delivered }) => [app, delivered]).sort()).toEqual([
    ['notebook', false],
    ['other', true],
  ]);
  await client.alerts.wake({ id });
  nowMs += DAY_MS;
  await ask(tollgate, tokens.get('notebook') ?? '');
  expect((await untilAlerts(tollgate, 5)).at(-1)).toMatchObject({ app: 'notebook', delivered: true });
});

test('what is muted is kept and not delivered', async () => {
  await tollgate.client.alerts.change({ muted: ['threshold'] });
  await alertsFor(['notebook']);
  expect(await alertsOf(tollgate)).toMatchObject([{ kind: 'threshold', delivered: false }]);
});

test('the same again within the hour counts on the alert before', async () => {
  const strange = `tg_${'b'.repeat(43)}`;
  await ask(tollgate, strange);
  await untilAlerts(tollgate, 1, 'unknown-token');
  nowMs += 2 * 60_000;
  await ask(tollgate, strange);
  await lookedAt();
  expect(await alertsOf(tollgate, 'unknown-token')).toMatchObject([
    { count: 2, at: new Date(NOON_MS).toISOString(), lastAt: new Date(nowMs).toISOString() },
  ]);
  nowMs += 2 * HOUR_MS;
  await ask(tollgate, strange);
  expect(await untilAlerts(tollgate, 2, 'unknown-token')).toMatchObject([{ count: 2 }, { count: 1 }]);
});

test('a snooze that cannot be is refused', async () => {
  const { client } = tollgate;
  await alertsFor(['notebook']);
  const [alert] = await alertsOf(tollgate);
  const id = alert?.id ?? 0;
  await expect(client.alerts.snooze({ id: 999, until: '1h' })).rejects.toMatchObject({
    code: 'alert_unknown',
  });
  await expect(client.alerts.snooze({ id: 999, until: 'window' })).rejects.toMatchObject({
    code: 'alert_unknown',
  });
  for (const until of ['yesterday', '2020-01-01', '9999d', '']) {
    await expect(client.alerts.snooze({ id, until })).rejects.toMatchObject({ code: 'input_invalid' });
  }
  nowMs += 2 * DAY_MS;
  await expect(client.alerts.snooze({ id, until: 'window' })).rejects.toMatchObject({
    code: 'input_invalid',
  });
});

test('settings outlive the engine and refuse what makes no sense', async () => {
  const { client } = tollgate;
  for (const wrong of [
    { thresholds: [0] },
    { thresholds: Array.from({ length: 11 }, (_, at) => at + 1) },
    { unusual: { factor: 1, minNanoUsd: 0 } },
    { refusals: { count: 0, minutes: 5 } },
  ]) {
    await expect(client.alerts.change(wrong)).rejects.toThrow();
  }
  const before = await client.alerts.settings();
  expect(before).toMatchObject({ thresholds: [50, 80, 100], muted: [], desktop: true });
  expect(await client.alerts.change({ thresholds: [90, 10, 10] })).toEqual({
    ...before,
    thresholds: [10, 90],
  });
});
