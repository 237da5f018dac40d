import { afterEach, beforeEach, expect, test } from 'vitest';
import { codeOf, type DashboardDoor, dashboardDoor, objectIn } from '../helpers/dashboard-door.ts';
import { expectNoSecrets, openTarget, type Target } from '../helpers/expect-untouched.ts';
import { CANARY_KEY } from '../helpers/open-tollgate.ts';
import type { WireAnswer } from '../helpers/wire.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let target: Target;
let door: DashboardDoor;
let nowMs: number;
beforeEach(async () => {
  nowMs = Date.UTC(2026, 10, 25, 9);
  target = await openTarget({ config: { dashboardPort: 0, zone: 'UTC' }, now: () => nowMs });
  door = dashboardDoor(target.tollgate);
});
afterEach(() => target.close());

const call = (headers: readonly string[], path = '/rpc/apps/list', body = '{}'): Promise<WireAnswer> =>
  door.send({ target: path, headers: ['Content-Type: application/json', ...headers], body });

test('A70 a link opens one session, once', async () => {
  const link = await door.newLink();
  const first = await door.exchange(link);
  expect(first.status).toBe(200);
  const { session } = objectIn(first) as { session: string };
  expect(session).toMatch(/^tgs_[A-Za-z0-9_-]{43}$/);
  expect((await call([`x-tollgate-session: ${session}`])).status).toBe(200);
  const again = await door.exchange(link);
  expect([again.status, codeOf(again)]).toEqual([401, 'link_invalid']);
});

test('A70 many who exchange one link at once get one session', async () => {
  const link = await door.newLink();
  const answers = await Promise.all(Array.from({ length: 20 }, () => door.exchange(link)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test('A70 a link runs out within minutes', async () => {
  const link = await door.newLink();
  nowMs += 10 * MINUTE_MS;
  expect((await door.exchange(link)).status).toBe(401);
});

test.each<[string, unknown]>([
  ['another one', 'A'.repeat(43)],
  ['nothing', ''],
  ['null', null],
  ['a number', 43],
  ['a list', ['A']],
  ['a pattern', '%'.repeat(43)],
  ['a prototype', { __proto__: { link: 'x' } }],
  ['a long one', 'A'.repeat(900)],
])('A70 %s is no link', async (_name, link) => {
  expect((await door.exchange(link)).status).toBe(401);
});

test('A70 whoever guesses is told to wait, and a right link works meanwhile', async () => {
  const link = await door.newLink();
  const guesses: number[] = [];
  for (let guess = 0; guess < 15; guess += 1) {
    guesses.push((await door.exchange(`guess${guess}`.padEnd(43, 'A'))).status);
  }
  expect(guesses.slice(0, 10)).toEqual(Array(10).fill(401));
  expect(guesses.slice(10)).toEqual(Array(5).fill(429));
  expect((await door.exchange(link)).status).toBe(200);
});

test('T16 the link is in the fragment: no request to any path carries it, and no answer repeats it', async () => {
  const link = await door.newLink();
  const { session } = objectIn(await door.exchange(link)) as { session: string };
  for (const answer of [
    await door.send({ method: 'GET', target: '/' }),
    await door.send({ method: 'GET', target: `/?link=${link}` }),
    await call([`x-tollgate-session: ${session}`], '/rpc/sessions/list'),
  ]) {
    expect(answer.text).not.toContain(link);
    expect(answer.text).not.toContain(session);
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['set-cookie']).toBeUndefined();
  }
});

test('T7 a session works in its header, and in no other place', async () => {
  const session = await door.newSession();
  expect((await call([`x-tollgate-session: ${session}`])).status).toBe(200);
  expect((await call([`Authorization: Bearer ${session}`])).status).toBe(200);
  const elsewhere: readonly (readonly [readonly string[], string?])[] = [
    [[]],
    [[`Cookie: x-tollgate-session=${session}; session=${session}; tgs=${session}`]],
    [[`Authorization: Basic ${session}`]],
    [[`Authorization: ${session}`]],
    [[`X-Session: ${session}`]],
    [[`Referer: http://127.0.0.1:${door.port}/#session=${session}`]],
    [[`x-tollgate-session: ${session}`, `Authorization: Bearer ${session}`]],
    [[`x-tollgate-session: ${session}x`]],
    [[`x-tollgate-session: ${session.slice(0, -1)}`]],
    [[`x-tollgate-session: ${session.toUpperCase()}`]],
    [[], `/rpc/apps/list?session=${session}&x-tollgate-session=${session}`],
  ];
  for (const [headers, path] of elsewhere) {
    const answer = await call(headers, path);
    expect([headers, answer.status, codeOf(answer)]).toEqual([headers, 401, 'session_invalid']);
  }
  const twice = await call([`x-tollgate-session: ${session}`, `X-Tollgate-Session: ${session}`]);
  expect(twice.status).toBe(400);
});

test.each([
  '/rpc/apps/list',
  '/rpc/keys/set',
  '/rpc/events/follow',
  '/api/v1/apps/list',
  '/rpc/nothing',
  '/api/v1/nothing',
])('A30 %s tells a stranger the same as any other path of the control plane', async (path) => {
  const answer = await call([], path, '{"json":{}}');
  expect([answer.status, codeOf(answer)]).toEqual([401, 'session_invalid']);
  expectNoSecrets(target.tollgate, answer.text);
});

test('A30 no app token and no key opens the control plane', async () => {
  for (const secret of [target.token, CANARY_KEY, 'tg_wrong', 'tgs_wrong']) {
    for (const header of ['Authorization: Bearer ', 'x-tollgate-session: ']) {
      const answer = await call([`${header}${secret}`]);
      expect(answer.status).toBe(401);
    }
  }
});

test('A30 no session opens the data plane', async () => {
  const session = await door.newSession();
  for (const headers of [[`Authorization: Bearer ${session}`], [`x-tollgate-session: ${session}`]]) {
    const answer = await target.send({ method: 'GET', target: '/v1/models', headers });
    expect(answer.status).toBe(401);
  }
  expect(target.tollgate.openai.received.length).toBe(0);
});

test('a session ends when it was not used for twelve hours, and after seven days in any case', async () => {
  const session = await door.newSession();
  const header = [`x-tollgate-session: ${session}`];
  for (let hours = 0; hours < 7 * 24 - 11; hours += 11) {
    expect((await call(header)).status).toBe(200);
    nowMs += 11 * HOUR_MS;
  }
  nowMs += 11 * HOUR_MS;
  expect((await call(header)).status).toBe(401);
  const idle = [`x-tollgate-session: ${await door.newSession()}`];
  nowMs += 12 * HOUR_MS;
  expect((await call(idle)).status).toBe(401);
});

test('a session that is revoked ends at once, with the stream that it reads', async () => {
  const [own, other] = [await door.newSession(), await door.newSession()];
  const abort = new AbortController();
  const stream = await fetch(`http://127.0.0.1:${door.port}/rpc/events/follow`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-tollgate-session': other },
    body: '{"json":{}}',
    signal: abort.signal,
  });
  expect(stream.status).toBe(200);
  const reader = stream.body!.getReader();
  const first = await reader.read();
  expect(Buffer.from(first.value ?? []).toString()).toContain('event: message');
  const revoked = await call(
    [`x-tollgate-session: ${own}`],
    '/rpc/sessions/revoke',
    '{"json":{"id":"others"}}',
  );
  expect(revoked.status).toBe(200);
  for (;;) {
    const { done } = await reader.read();
    if (done) break;
  }
  expect((await call([`x-tollgate-session: ${other}`])).status).toBe(401);
  expect((await call([`x-tollgate-session: ${own}`])).status).toBe(200);
});

test('a session begets no link, and no session is listed by its token', async () => {
  const session = await door.newSession();
  const header = [`x-tollgate-session: ${session}`];
  const link = await call(header, '/rpc/sessions/link');
  expect([link.status, codeOf(link)]).toEqual([403, 'door_refused']);
  const list = await call(header, '/rpc/sessions/list');
  const { json } = objectIn(list) as { json: { sessions: { id: string; current: boolean }[] } };
  expect(json.sessions).toMatchObject([{ current: true }]);
  expect(list.body).not.toContain(session);
  expect(list.body).not.toMatch(/tgs_/);
});

test('sessions end with the engine', async () => {
  const session = await door.newSession();
  const { engine } = target.tollgate;
  await engine.close();
  expect(engine.control.sessions.authenticate(session)).toBeNull();
});
