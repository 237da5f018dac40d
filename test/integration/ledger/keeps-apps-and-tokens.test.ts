import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createAppToken, hashAppToken } from '../../../proxy/keys/app-token.ts';
import type { Journal } from '../../../proxy/ledger/journal.ts';
import { Registry } from '../../../proxy/ledger/registry.ts';
import { NOON_MS, newApp, openJournal, temporaryDir } from '../../helpers/ledger-files.ts';

async function openRegistry(dir = temporaryDir()) {
  const journal = await openJournal(dir);
  const registry = new Registry(journal, await journal.call('load'));
  return { dir, journal, registry };
}

async function reopened(dir: string, journal: Journal): Promise<Registry> {
  await journal.close();
  return (await openRegistry(dir)).registry;
}

function tokenRecord(token: string, kind: 'app' | 'run' = 'app') {
  return {
    hash: Buffer.from(hashAppToken(token), 'hex'),
    kind,
    createdAtMs: NOON_MS,
    expiresAtMs: null,
  } as const;
}

test('what was created, renamed, limited and paused is the same after a start', async () => {
  const { dir, journal, registry } = await openRegistry();
  const limit = { metric: 'usd', amount: 5, window: 'day', enforce: 'hard' } as const;
  const app = await registry.createApp(newApp('tool', { limits: [limit] }));
  await registry.changeApp({ num: app.num, name: 'Renamed', pausedAtMs: NOON_MS, atMs: NOON_MS });
  await registry.changeApp({
    num: app.num,
    mode: 'observe',
    setLimits: [
      { ...limit, amount: 7 },
      { ...limit, window: 'month' },
    ],
    atMs: NOON_MS,
  });
  await registry.changeKeyLimits({ set: [limit], remove: [], atMs: NOON_MS });
  expect(registry.findApp('tool')).toBeNull();
  const next = await reopened(dir, journal);
  expect(next.apps).toEqual(registry.apps);
  expect(next.keyLimits).toEqual(registry.keyLimits);
  expect(next.findApp('rENAMED')).toMatchObject({ id: 'app_tool', mode: 'observe', pausedAtMs: NOON_MS });
  expect(next.findApp('app_tool')?.limits.map(({ amount, window }) => [amount, window])).toEqual([
    [7, 'day'],
    [5, 'month'],
  ]);
});

test('A30 tokens are found by their hash; the token itself is in no file', async () => {
  const { dir, journal, registry } = await openRegistry();
  const tokens = Array.from({ length: 20 }, () => createAppToken());
  const [first = '', ...others] = tokens;
  const app = await registry.createApp(newApp('tool', { token: tokenRecord(first) }));
  for (const token of others) await registry.addToken(app.num, tokenRecord(token));
  expect(registry.tokensOf(app.num)).toHaveLength(20);
  for (const token of tokens) {
    expect(registry.token(hashAppToken(token), NOON_MS)).toMatchObject({ appNum: app.num });
    expect(registry.token(token, NOON_MS)).toBeNull();
  }
  const search = (): void => {
    for (const name of readdirSync(dir)) {
      const bytes = readFileSync(join(dir, name));
      for (const token of tokens) {
        const secret = token.slice(3);
        expect(bytes.includes(secret.slice(0, 16)), name).toBe(false);
        expect(bytes.includes(Buffer.from(secret.slice(0, 40), 'base64url')), name).toBe(false);
      }
    }
  };
  // While the newest part is in the log, and when all is in one file.
  search();
  const next = await reopened(dir, journal);
  search();
  expect(next.token(hashAppToken(first), NOON_MS)).not.toBeNull();
});

test('a revoked token and those of a removed app are gone at once, and after a start', async () => {
  const { dir, journal, registry } = await openRegistry();
  const [kept, revoked, ofRemoved] = [createAppToken(), createAppToken(), createAppToken()];
  const app = await registry.createApp(newApp('kept', { token: tokenRecord(kept) }));
  const second = await registry.addToken(app.num, tokenRecord(revoked));
  const removed = await registry.createApp(newApp('removed', { token: tokenRecord(ofRemoved) }));
  const cut: number[] = [];
  registry.listen({
    onApp: () => undefined,
    onAppRemoved: ({ num }) => cut.push(-num),
    onTokensRevoked: (ids) => cut.push(...ids),
    onKeyLimits: () => undefined,
  });
  const before = registry.version;
  const revoking = registry.revokeTokens([second.id], NOON_MS);
  expect(registry.token(hashAppToken(revoked), NOON_MS)).toBeNull();
  await revoking;
  await registry.removeApp(removed, NOON_MS);
  expect(cut).toEqual([second.id, -removed.num]);
  expect(registry.version).toBeGreaterThan(before);
  const next = await reopened(dir, journal);
  for (const each of [registry, next]) {
    expect(each.token(hashAppToken(revoked), NOON_MS)).toBeNull();
    expect(each.token(hashAppToken(ofRemoved), NOON_MS)).toBeNull();
    expect(each.token(hashAppToken(kept), NOON_MS)).not.toBeNull();
    expect(each.apps.map(({ name }) => name)).toEqual(['kept']);
  }
});

test('a token that has expired is not found, and one of a run not after a start', async () => {
  const { dir, journal, registry } = await openRegistry();
  const [expiring, ofRun] = [createAppToken(), createAppToken()];
  const app = await registry.createApp(newApp('tool'));
  await registry.addToken(app.num, { ...tokenRecord(expiring), expiresAtMs: NOON_MS + 1_000 });
  await registry.addToken(app.num, tokenRecord(ofRun, 'run'));
  expect(registry.token(hashAppToken(expiring), NOON_MS + 999)).not.toBeNull();
  expect(registry.token(hashAppToken(expiring), NOON_MS + 1_000)).toBeNull();
  expect(registry.token(hashAppToken(ofRun), NOON_MS)).not.toBeNull();
  const next = await reopened(dir, journal);
  expect(next.token(hashAppToken(ofRun), NOON_MS)).toBeNull();
});

test('of calls for one name that race exactly one creates the app; the others are told why', async () => {
  const { registry } = await openRegistry();
  const names = ['tool', 'TOOL', 'Tool', 'tOOl'];
  const created = await Promise.allSettled(
    names.map((name, index) => registry.createApp(newApp(name, { id: `app_${index}` }))),
  );
  const failures = created.flatMap((each) => (each.status === 'rejected' ? [each.reason as object] : []));
  expect(failures).toEqual(Array(3).fill(expect.objectContaining({ code: 'app_exists' })));
  expect(registry.apps).toHaveLength(1);
});

test('A56 a change that races with a removal does not bring the app back', async () => {
  const { registry } = await openRegistry();
  const app = await registry.createApp(newApp('tool'));
  const results = await Promise.allSettled([
    registry.removeApp(app, NOON_MS),
    registry.changeApp({ num: app.num, mode: 'observe', atMs: NOON_MS }),
    registry.addToken(app.num, tokenRecord(createAppToken())),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(registry.apps).toEqual([]);
  expect(registry.findApp('tool')).toBeNull();
});
