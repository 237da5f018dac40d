import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  expectRefused,
  expectUntouched,
  GOOD_CHAT,
  openTarget,
  type Target,
} from '../helpers/expect-untouched.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

const METHODS = 'GET HEAD PUT PATCH DELETE TRACE PURGE PROPFIND MKCOL LINK QUERY SEARCH M-SEARCH'.split(' ');

test.each(METHODS)('A07 %s on a route for POST is a 405 that names POST', async (method) => {
  const attack = () => target.send({ method, target: '/v1/embeddings', headers: target.goodHeaders });
  const answer = await expectRefused(target, attack, { status: 405, code: 'method_not_allowed' });
  expect(answer.headers['allow']).toBe('POST');
  expect(answer.body === '').toBe(method === 'HEAD');
});

test.each(['POST', 'DELETE', 'PUT', 'TRACE'])('A07 %s on a route for GET is a 405', async (method) => {
  const attack = () => target.send({ method, target: '/v1/models', headers: target.goodHeaders });
  const answer = await expectRefused(target, attack, { status: 405, code: 'method_not_allowed' });
  expect(answer.headers['allow']).toBe('GET, HEAD');
});

test.each(['POST', 'DELETE', 'PUT', 'TRACE', 'PURGE'])('A07 %s /healthz answers nothing', async (method) => {
  await expectRefused(target, () => target.send({ method, target: '/healthz' }), { status: 401 });
});

test.each(['CONNECT api.openai.com:443', 'CONNECT 127.0.0.1:22', 'CONNECT /v1/models'])(
  'A07 %s opens no tunnel',
  async (line) => {
    const [method = '', to = ''] = line.split(' ');
    const attack = () =>
      target.send({ method, target: to, headers: target.goodHeaders }, { untilClosedMs: 10_000 });
    const answer = await expectUntouched(target, attack);
    expect(answer.status).not.toBe(200);
    expect(answer.closed).toBe(true);
  },
);

test('A07 OPTIONS * is malformed and tells nothing', async () => {
  const attack = () => target.send({ method: 'OPTIONS', target: '*' });
  const answer = await expectRefused(target, attack, { status: 400 });
  expect(answer.headers).not.toHaveProperty('allow');
});

test('A07 OPTIONS without an origin is a request like any other', async () => {
  const options = { method: 'OPTIONS' };
  await expectRefused(target, () => target.send(options), { status: 401 });
  const attack = () => target.send({ ...options, headers: target.goodHeaders });
  await expectRefused(target, attack, { status: 405 });
});

test.each(['post', 'Post', 'POSTX', 'P\tOST', 'G\x00ET', 'BREW'])(
  'A07 the method %j is malformed',
  async (method) => {
    const attack = () => target.send({ method, headers: target.goodHeaders, body: GOOD_CHAT });
    await expectRefused(target, attack, { status: 400, code: 'malformed_request' });
  },
);

test.each([
  'X-HTTP-Method-Override: DELETE',
  'X-HTTP-Method: DELETE',
  'X-Method-Override: DELETE',
  '?_method=DELETE',
])('A07 %s overrides nothing', async (override) => {
  const isQuery = override.startsWith('?');
  const answer = await target.send({
    method: 'GET',
    target: `/v1/models${isQuery ? override : ''}`,
    headers: [...target.goodHeaders, ...(isQuery ? [] : [override])],
  });
  expect(answer.status).toBe(200);
  const sent = target.tollgate.openai.received.at(-1);
  expect(sent?.method).toBe('GET');
  expect(sent?.rawHeaders.join(' ')).not.toContain('Override');
  expect(sent?.rawHeaders.join(' ')).not.toContain('DELETE');
});

test('a GET with a body is refused, whether its length is given or it is chunked', async () => {
  const get = { method: 'GET', target: '/v1/models' };
  const counted = () => target.send({ ...get, headers: target.goodHeaders, body: '{}' });
  await expectRefused(target, counted, { status: 400 });
  const chunkedHeaders = [...target.goodHeaders, 'Transfer-Encoding: chunked'];
  const chunked = () =>
    target.send({ ...get, headers: chunkedHeaders, body: '2\r\n{}\r\n0\r\n\r\n', countBody: false });
  await expectRefused(target, chunked, { status: 400 });
});
