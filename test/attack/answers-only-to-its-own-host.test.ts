import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectRefused, GOOD_CHAT, openTarget, type Target } from '../helpers/expect-untouched.ts';
import { sendWire, wireRequest } from '../helpers/wire.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

/** With PORT for the right port. */
const FOREIGN = [
  'A17 evil.com:PORT',
  'A17 evil.com',
  'A17 127.0.0.1.evil.com:PORT',
  'A17 localhost.evil.com:PORT',
  'A17 evil.com#localhost:PORT',
  'A17 localhost',
  'A17 127.0.0.1',
  'A17 [::1]',
  'A17 127.0.0.1:1',
  'A17 127.0.0.1:PORT0',
  'A17 127.0.0.1:0PORT',
  'A17 127.0.0.1:+PORT',
  'A17 127.0.0.1:PORT:PORT',
  'A17 127.0.0.1:',
  'A17 :PORT',
  'A17 user@127.0.0.1:PORT',
  'A17 user:pass@127.0.0.1:PORT',
  'A17 127.0.0.1.:PORT',
  'A17 localhost.:PORT',
  'A17 127.0.0.1:PORT.',
  'A17 127.0.0.1:PORT/',
  'A17 127.0.0.1:PORT, evil.com',
  'A17 127.0.0.1 :PORT',
  'A17 http://127.0.0.1:PORT',
  'A17 127.0.0.2:PORT',
  'A17 127.1:PORT',
  'A17 2130706433:PORT',
  'A17 0x7f000001:PORT',
  'A17 017700000001:PORT',
  'A17 localhost%00.evil.com:PORT',
  'A17 local\xc5\xbfhost:PORT',
  'A17 ip6-localhost:PORT',
  'A17 *:PORT',
  'A19 0.0.0.0:PORT',
  'A19 0:PORT',
  'A19 [::]:PORT',
  'A19 [::ffff:127.0.0.1]:PORT',
  'A19 [::ffff:7f00:1]:PORT',
  'A19 [0:0:0:0:0:0:0:1]:PORT',
  'A19 [::1%25lo]:PORT',
  'A19 ::1:PORT',
  'A19 host.docker.internal:PORT',
  'A19 gateway.docker.internal:PORT',
  'A19 kubernetes.docker.internal:PORT',
  'A19 wsl.localhost:PORT',
];

test.each(FOREIGN)('%s is not our name, on any path, with a good token', async (row) => {
  const host = row.slice(row.indexOf(' ') + 1).replaceAll('PORT', String(target.port));
  for (const path of ['/v1/chat/completions', '/healthz']) {
    const method = path === '/healthz' ? 'GET' : 'POST';
    const request = { method, target: path, host, headers: target.goodHeaders };
    const attack = () => target.send(method === 'GET' ? request : { ...request, body: GOOD_CHAT });
    await expectRefused(target, attack, { status: 403, code: 'host_not_allowed' });
  }
});

test('A18 an empty Host is foreign', async () => {
  const attack = () => target.send({ host: '', headers: target.goodHeaders, body: GOOD_CHAT });
  await expectRefused(target, attack, { status: 403, code: 'host_not_allowed' });
});

test.each(['', '127.0.0.1:PORT', 'evil.com'])(
  'A18 two Hosts are malformed, the second one %j',
  async (second) => {
    const line = `Host: ${second.replace('PORT', String(target.port))}`;
    for (const headers of [
      [line, ...target.goodHeaders],
      [...target.goodHeaders, line.replace('Host', 'hOST')],
    ]) {
      const attack = () => target.send({ headers, body: GOOD_CHAT });
      await expectRefused(target, attack, { status: 400, code: 'malformed_request' });
    }
  },
);

test('A18 no Host at all is malformed', async () => {
  const attack = () => target.send({ host: null, headers: target.goodHeaders, body: GOOD_CHAT });
  await expectRefused(target, attack, { status: 400, code: 'malformed_request' });
});

test.each([
  'HTTP/1.0',
  'HTTP/0.9',
  '',
  'HTTP/1.2',
  'HTTP/2.0',
  'HTTP/3.1',
  'http/1.1',
  'HTTP/1.1.1',
  'ICE/1.0',
  'RTSP/1.0',
])('A18 version %j is not spoken, with a Host or without', async (version) => {
  for (const host of [null, `127.0.0.1:${target.port}`]) {
    const attack = () => target.send({ version, host, headers: target.goodHeaders, body: GOOD_CHAT });
    await expectRefused(target, attack, { status: 400, code: 'malformed_request' });
  }
});

test.each(['127.0.0.1', 'localhost', 'LOCALHOST', 'LocalHost', '[::1]'])(
  'A17 %s is our name',
  async (name) => {
    const get = { method: 'GET', target: '/v1/models', headers: target.goodHeaders };
    const answer = await target.send({ ...get, host: `${name}:${target.port}` });
    expect(answer.status).toBe(200);
  },
);

test('A17 the same names are asked for on ::1', async () => {
  const get = { method: 'GET', target: '/healthz' };
  const status = async (host: string) =>
    (await sendWire(target.port, wireRequest(target.port, { ...get, host }), { address: '::1' })).status;
  expect(await status(`[::1]:${target.port}`)).toBe(200);
  expect(await status(`localhost:${target.port}`)).toBe(200);
  expect(await status(`evil.com:${target.port}`)).toBe(403);
  expect(await status(`[::]:${target.port}`)).toBe(403);
});
