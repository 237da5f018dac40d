import { hash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAppToken } from '../../proxy/keys/app-token.ts';
import {
  expectRefused,
  expectUntouched,
  GOOD_CHAT,
  openTarget,
  type Target,
} from '../helpers/expect-untouched.ts';
import { CANARY_KEY } from '../helpers/open-tollgate.ts';

let target: Target;
/** What a token that was never made is told; every other bad one must be told the same. */
let unknownBody: string;
beforeAll(async () => {
  target = await openTarget();
  unknownBody = (await attempt(createAppToken())).body;
});
afterAll(() => target.close());

const attempt = (token: string) =>
  target.send({
    headers: [`Authorization: Bearer ${token}`, 'Content-Type: application/json'],
    body: GOOD_CHAT,
  });

async function expectUnknown(token: string): Promise<void> {
  const answer = await expectRefused(target, () => attempt(token), {
    status: 401,
    code: 'invalid_app_token',
  });
  expect(answer.body).toBe(unknownBody);
  expect(JSON.parse(answer.body).error.code).toBe('invalid_api_key');
}

test.each(['first', 'middle', 'last', 'checksum', 'prefix'])(
  'A30 a token with its %s byte changed',
  async (where) => {
    const { token } = target;
    const at = { first: 3, middle: 24, last: token.length - 1, checksum: 47, prefix: 0 }[where] ?? 0;
    const other = token[at] === 'A' ? 'B' : 'A';
    await expectUnknown(token.slice(0, at) + other + token.slice(at + 1));
  },
);

test.each<[string, (token: string) => string]>([
  ['cut by one', (token) => token.slice(0, -1)],
  ['cut to its secret', (token) => token.slice(0, 46)],
  ['longer by one', (token) => `${token}A`],
  ['twice in a row', (token) => token + token],
  ['in capitals', (token) => token.toUpperCase()],
  ['without its prefix', (token) => token.slice(3)],
  ['with another prefix', (token) => `tk_${token.slice(3)}`],
  ['with a space inside', (token) => `${token.slice(0, 20)} ${token.slice(20)}`],
  ['with a tab behind and more', (token) => `${token}\tx`],
  ['with a letter behind 200 characters', (token) => token.padEnd(300, 'A')],
  ['as its hash', (token) => hash('sha256', token, 'hex')],
  ['as base64', (token) => Buffer.from(token).toString('base64')],
  ['percent-encoded', (token) => token.replace('_', '%5F')],
  ['with a homoglyph', (token) => `\xd1\x82g_${token.slice(3)}`],
  ['in Latin-1', (token) => `\xff${token}`],
  ['empty in quotes', () => '""'],
  ['of one letter', () => 't'],
  ['that is only a prefix', () => 'tg_'],
  ['of a property that every object has', () => '__proto__'],
  ['of 8 KB', () => `tg_${'A'.repeat(8_000)}`],
  ['with SQL', () => `tg_' OR '1'='1' --`],
  ['with LIKE', () => 'tg_%'],
  ['with JSON', () => '{"token":{"$ne":null}}'],
])('A30 A31 a token %s', async (_name, change) => {
  await expectUnknown(change(target.token));
});

test('A30 a token that was revoked, rotated, paused away or whose app was deleted', async () => {
  const { client, createApp } = target.tollgate;
  const rotated = await createApp('rotated', ['usd=1/day']);
  expect((await target.tollgate.post(rotated, '/embeddings', EMBEDDING)).status).toBe(200);
  const { token: renewed } = await client.apps.rotate({ app: 'rotated' });
  await expectUnknown(rotated);
  expect((await target.tollgate.post(renewed, '/embeddings', EMBEDDING)).status).toBe(200);
  await client.apps.remove({ app: 'rotated' });
  await expectUnknown(renewed);
  const reborn = await createApp('rotated', ['usd=1/day']);
  await expectUnknown(rotated);
  await expectUnknown(renewed);
  expect((await target.tollgate.post(reborn, '/embeddings', EMBEDDING)).status).toBe(200);
});

const EMBEDDING = { model: 'text-embedding-3-small', input: 'hello' };

test('A30 a token of a run is unknown once the run has ended', async () => {
  const { client, post } = target.tollgate;
  const ending = new AbortController();
  const events = await client.runs.start({ app: 'victim', limits: [] }, { signal: ending.signal });
  const first = await events.next();
  const token = first.done ? '' : first.value.token;
  expect((await post(token, '/embeddings', EMBEDDING)).status).toBe(200);
  await events.return?.(undefined);
  ending.abort();
  await expectUnknown(token);
});

test('A30 a NUL behind the token is malformed, and a megabyte of token is too large', async () => {
  const nul = () => attempt(`${target.token}\x00`);
  await expectRefused(target, nul, { status: 400, code: 'malformed_request' });
  const huge = () => attempt('A'.repeat(1024 * 1024));
  await expectRefused(target, huge, { status: 431, code: 'headers_too_large' });
});

test('A30 a real key is not forwarded, not echoed, and not taken for the one in use', async () => {
  for (const key of [CANARY_KEY, 'sk-proj-SomebodyElse0123456789abcdef', 'sk-admin-0123456789']) {
    const answer = await expectRefused(target, () => attempt(key), {
      status: 401,
      code: 'real_key_received',
    });
    expect(answer.text).not.toContain(key.slice(8));
  }
});

test('A30 a thousand bad tokens lock nobody out', async () => {
  await expectUntouched(target, async () => {
    const tokens = Array.from({ length: 200 }, () => createAppToken());
    for (let round = 0; round < 5; round += 1) {
      const statuses = await Promise.all(
        tokens.map((token) => target.tollgate.post(token, '/embeddings', EMBEDDING)),
      );
      expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([401]));
      await Promise.all(statuses.map((answer) => answer.arrayBuffer()));
    }
  });
  expect((await target.tollgate.post(target.token, '/embeddings', EMBEDDING)).status).toBe(200);
});
