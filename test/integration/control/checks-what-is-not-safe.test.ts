import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Finding } from '../../../proxy/contract/checklist.ts';
import { ask } from '../../helpers/alerts.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

const DAY_MS = 86_400_000;

let tollgate: Tollgate;
let nowMs: number;
beforeEach(async () => {
  nowMs = Date.UTC(2026, 0, 5, 12);
  tollgate = await openTollgate({ now: () => nowMs, config: { zone: 'UTC' } });
});
afterEach(() => tollgate.close());

const list = async (): Promise<Finding[]> => (await tollgate.client.checklist.list()).findings;
const find = async (id: string): Promise<Finding | undefined> =>
  (await list()).find((each) => each.id === id);
const fix = async (id: string): Promise<Finding | undefined> =>
  (await tollgate.client.checklist.fix({ id })).findings.find((each) => each.id === id);

test('open points come first, the gravest on top, and each says what to do', async () => {
  await tollgate.createApp('bare', []);
  const findings = await list();
  const rank = findings.map(({ state, severity }) => {
    const states = ['open', 'unknown', 'confirmed', 'ok'];
    return states.indexOf(state) * 10 + ['high', 'medium', 'low'].indexOf(severity);
  });
  expect(rank).toEqual([...rank].sort((a, b) => a - b));
  for (const { title, detail, state, fix: one, link } of findings) {
    expect(title).toMatch(/^\S.{8,}/);
    expect(detail).toMatch(/\.$/);
    if (link) expect(link.url).toMatch(/^https:\/\/platform\.openai\.com\//);
    if (state === 'ok') expect(one).toBeNull();
  }
  expect(findings.map(({ id }) => id.split(':')[0])).toEqual(
    expect.arrayContaining([
      'key-store',
      'key-age',
      'key-cap',
      'no-cap',
      'unused-tokens',
      'address',
      'peers',
      'openai-limit',
      'old-keys-gone',
    ]),
  );
});

test('an app without a cap of dollars gets one', async () => {
  await tollgate.createApp('bare', ['requests=9/day']);
  const { id: appId } = await tollgate.client.apps.get({ app: 'bare' });
  const id = `no-cap:${appId}`;
  expect(await find(id)).toMatchObject({
    state: 'open',
    appId,
    fix: { label: 'Set $5.00 a day', kind: 'change' },
  });
  expect(await fix(id)).toBeUndefined();
  const { limits } = await tollgate.client.apps.get({ app: 'bare' });
  expect(limits).toMatchObject([
    { metric: 'requests' },
    { metric: 'usd', amount: 5_000_000_000, window: 'day' },
  ]);
});

test('an app that is only observed is enforced', async () => {
  await tollgate.createApp('watched', ['usd=5/day']);
  const { id: appId } = await tollgate.client.apps.change({ app: 'watched', mode: 'observe' });
  expect(await find(`observe:${appId}`)).toMatchObject({ state: 'open' });
  expect(await fix(`observe:${appId}`)).toBeUndefined();
  expect((await tollgate.client.apps.get({ app: 'watched' })).mode).toBe('enforce');
});

test('an app that may use unknown routes may no more, and keeps its other opt-ins', async () => {
  await tollgate.createApp('open', ['requests=9/day'], { allow: ['files', 'unknown-routes'] });
  const { id: appId } = await tollgate.client.apps.get({ app: 'open' });
  expect(await find(`unknown-routes:${appId}`)).toMatchObject({ severity: 'high' });
  expect(await fix(`unknown-routes:${appId}`)).toBeUndefined();
  expect((await tollgate.client.apps.get({ app: 'open' })).policy.allow).toEqual(['files']);
});

test('a token that nobody has used for ninety days is revoked, and the others stay', async () => {
  const used = await tollgate.createApp('notebook', ['usd=5/day']);
  const { id, token } = await tollgate.client.tokens.issue({ app: 'notebook', label: 'old laptop' });
  const { id: appId } = await tollgate.client.apps.get({ app: 'notebook' });
  expect(await find('unused-tokens')).toMatchObject({ state: 'ok' });
  nowMs += 91 * DAY_MS;
  expect(await ask(tollgate, used)).toBe(200);
  const finding = `unused-token:${appId}:${id}`;
  expect(await find(finding)).toMatchObject({ state: 'open', detail: '"old laptop" was last used never.' });
  expect((await list()).filter(({ id: each }) => each.startsWith('unused-token:'))).toHaveLength(1);
  await fix(finding);
  expect(await find('unused-tokens')).toMatchObject({ state: 'ok' });
  expect([await ask(tollgate, token), await ask(tollgate, used)]).toEqual([401, 200]);
});

test('a cap on everything, and the age of the key', async () => {
  const { client } = tollgate;
  expect(await find('key-cap')).toMatchObject({ state: 'open', severity: 'high' });
  const cap = { metric: 'usd', amount: 50_000_000_000, window: 'month', enforce: 'hard' } as const;
  await client.limits.set({ limits: [cap] });
  expect(await find('key-cap')).toMatchObject({ state: 'ok' });
  expect(await find('key-age')).toMatchObject({ state: 'unknown' });
  const key = 'sk-proj-another-another-another-another-another';
  tollgate.openai.setKey(key);
  await client.keys.set({ key, verify: true });
  expect(await find('key-age')).toMatchObject({ state: 'ok' });
  nowMs += 181 * DAY_MS;
  expect(await find('key-age')).toMatchObject({ state: 'open', detail: 'It was stored 181 days ago.' });
});

test('what only the user can have done is confirmed, and taken back', async () => {
  for (const id of ['openai-limit', 'old-keys-gone']) {
    expect(await find(id)).toMatchObject({ state: 'open', fix: { kind: 'confirm' } });
    expect(await fix(id)).toMatchObject({ state: 'confirmed', fix: { kind: 'unconfirm' } });
    expect(await fix(id)).toMatchObject({ state: 'open' });
  }
});

test.each([
  'no-cap:app_0000000000000000',
  'key-store',
  'address',
  'nonsense',
  'unused-token:x:1',
  '__proto__',
])('there is nothing to fix about %s', async (id) => {
  await expect(tollgate.client.checklist.fix({ id })).rejects.toMatchObject({ code: 'finding_unknown' });
});
