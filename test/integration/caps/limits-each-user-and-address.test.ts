import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseLimit } from '../../../proxy/contract/limits.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

let dataDir: string;
let tollgate: Tollgate;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tollgate-parties-'));
  tollgate = await openTollgate({ dataDir, config: { queueMs: 0 } });
});
afterAll(async () => {
  await tollgate.close();
  await rm(dataDir, { recursive: true, force: true });
});

const EMBED = { model: 'text-embedding-3-small', input: 'a budget' };

async function statusOf(token: string, user: string | null, more: object = {}): Promise<number> {
  const headers = user === null ? {} : { 'x-tollgate-user': user };
  const answer = await tollgate.post(token, '/embeddings', { ...EMBED, ...more }, { headers });
  await answer.arrayBuffer();
  return answer.status;
}

test('each user of an app has a budget of its own', async () => {
  const token = await tollgate.createApp('shop', [], { perUser: [parseLimit('requests=2/day')] });
  expect([await statusOf(token, 'ann'), await statusOf(token, 'ann')]).toEqual([200, 200]);
  expect(await statusOf(token, 'ann')).toBe(429);
  expect(await statusOf(token, 'bob')).toBe(200);
});

test('the header goes before the body, and who names nobody shares one budget', async () => {
  const token = await tollgate.createApp('forum', [], { perUser: [parseLimit('requests=1/day')] });
  expect(await statusOf(token, null, { user: 'cleo' })).toBe(200);
  expect(await statusOf(token, null, { user: 'cleo' })).toBe(429);
  expect(await statusOf(token, 'dora', { user: 'cleo' })).toBe(200);
  expect(await statusOf(token, 'cleo')).toBe(429);
  expect(await statusOf(token, null)).toBe(200);
  expect(await statusOf(token, null)).toBe(429);
});

test('a new user who arrives many times at once gets what the budget holds', async () => {
  const token = await tollgate.createApp('rush', [], { perUser: [parseLimit('requests=3/day')] });
  const statuses = await Promise.all(Array.from({ length: 20 }, () => statusOf(token, 'eve')));
  expect(statuses.filter((status) => status === 200)).toHaveLength(3);
});

test('each client address has a budget of its own', async () => {
  const token = await tollgate.createApp('door', [], { perIp: [parseLimit('requests=2/day')] });
  expect(await Promise.all([1, 2, 3].map(() => statusOf(token, null)))).toEqual(
    expect.arrayContaining([200, 200, 429]),
  );
});

test('a changed limit knows what was used before it', async () => {
  const token = await tollgate.createApp('grows', [], { perUser: [parseLimit('requests=1/day')] });
  expect([await statusOf(token, 'fay'), await statusOf(token, 'fay')]).toEqual([200, 429]);
  await tollgate.client.apps.change({ app: 'grows', policy: { perUser: [parseLimit('requests=2/day')] } });
  expect([await statusOf(token, 'fay'), await statusOf(token, 'fay')]).toEqual([200, 429]);
});

test('what was used is known after a restart', async () => {
  const tokens = await Promise.all([
    tollgate.createApp('users-stay', [], { perUser: [parseLimit('requests=1/month')] }),
    tollgate.createApp('addresses-stay', [], { perIp: [parseLimit('requests=1/month')] }),
  ]);
  const ask = () => Promise.all(tokens.map((token) => statusOf(token, 'gus')));
  expect(await ask()).toEqual([200, 200]);
  await tollgate.close();
  tollgate = await openTollgate({ dataDir, config: { queueMs: 0 } });
  expect(await ask()).toEqual([429, 429]);
});
