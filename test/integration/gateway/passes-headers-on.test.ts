import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CANARY_KEY, openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { openUpstreamServer, type UpstreamServer } from '../../helpers/upstream-server.ts';

const ANSWER = JSON.stringify({ object: 'list', data: [] });
/** As an upstream may send them; twice the same name where that is allowed. */
let answerHeaders: string[] = [];
let received: { rawHeaders: string[]; url: string } = { rawHeaders: [], url: '' };

let upstream: UpstreamServer;
let tollgate: Tollgate;
let token: string;
beforeAll(async () => {
  upstream = await openUpstreamServer((req, res) => {
    received = { rawHeaders: req.rawHeaders, url: req.url ?? '' };
    res.writeHead(200, [
      'content-type',
      'application/json',
      'content-length',
      String(ANSWER.length),
      ...answerHeaders,
    ]);
    res.end(ANSWER);
  });
  tollgate = await openTollgate({ config: { upstream: upstream.baseUrl } });
  token = await tollgate.createApp('app');
});
afterAll(async () => {
  await tollgate.close();
  await upstream.close();
});

interface Carried {
  readonly status: number;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

function get(headers: string[] = [], path = '/v1/models'): Promise<Carried> {
  return new Promise((resolve, reject) => {
    const all = ['host', `127.0.0.1:${tollgate.port}`, 'authorization', `Bearer ${token}`, ...headers];
    const sent = request({ port: tollgate.port, host: '127.0.0.1', path, headers: all }, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, rawHeaders: answer.rawHeaders, body }),
      );
    });
    sent.on('error', reject).end();
  });
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ''] satisfies [string, string]] : [],
  );
}

test('what OpenAI says of a request passes to the client', async () => {
  const kept = [
    ['x-request-id', 'req_1'],
    ['openai-organization', 'org-1'],
    ['openai-processing-ms', '12'],
    ['openai-version', '2020-10-01'],
    ['x-ratelimit-limit-requests', '10000'],
    ['x-ratelimit-reset-tokens', '6m0s'],
    ['cf-ray', '8c'],
    ['date', 'Tue, 24 Nov 2026 12:00:00 GMT'],
    ['warning', 'first'],
    ['warning', 'second'],
    ['x-should-retry', 'true'],
    ['retry-after-ms', '250'],
  ];
  answerHeaders = kept.flat();
  const { rawHeaders, body } = await get();
  expect(body).toBe(ANSWER);
  const seen = pairs(rawHeaders).map(([name, value]) => `${name}: ${value}`);
  for (const [name, value] of kept) {
    // Lists of one name may be joined by a comma (RFC 9110 section 5.3).
    if (name !== 'warning') expect(seen).toContain(`${name}: ${value}`);
  }
  expect(seen.filter((line) => line.startsWith('warning:')).join()).toMatch(/first.*second/);
});

test('what only concerns the connection, cookies and what browsers would keep stay here', async () => {
  answerHeaders = [
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2'],
    ['access-control-allow-origin', '*'],
    ['access-control-allow-credentials', 'true'],
    ['strict-transport-security', 'max-age=31536000'],
    ['alt-svc', 'h3=":443"'],
    ['content-security-policy', "default-src 'none'"],
    ['nel', '{}'],
    ['report-to', '{}'],
    ['proxy-authenticate', 'Basic'],
    ['keep-alive', 'timeout=5'],
    ['connection', 'x-hop, keep-alive'],
    ['x-hop', 'one hop only'],
    ['x-tollgate-cost-usd', '0'],
    ['x-tollgate-error', 'forged'],
  ].flat();
  const { status, rawHeaders } = await get();
  expect(status).toBe(200);
  const names = pairs(rawHeaders).map(([name]) => name);
  expect(names.filter((name) => !['connection', 'keep-alive'].includes(name)).sort()).toEqual([
    'content-length',
    'content-type',
    'date',
    'x-tollgate-request-id',
  ]);
});

test('a header that echoes the key is dropped, and its neighbours stay what they were', async () => {
  answerHeaders = ['x-before', 'one', 'x-echo', `Bearer ${CANARY_KEY}`, 'x-after', 'two', 'x-last', 'three'];
  const { rawHeaders } = await get();
  const seen = new Map(pairs(rawHeaders));
  expect(rawHeaders.join('\n')).not.toContain(CANARY_KEY);
  expect(seen.get('x-before')).toBe('one');
  expect(seen.get('x-after')).toBe('two');
  expect(seen.get('x-last')).toBe('three');
  expect(seen.has('x-echo')).toBe(false);
  answerHeaders = [];
});

test('A09 of the headers of a client only known ones go to OpenAI, and the key is ours', async () => {
  const blocked = [
    'x-portkey-custom-host',
    'x-base-url',
    'api-base',
    'openai-organization',
    'openai-project',
    'api-key',
    'cookie',
    'x-forwarded-host',
    'x-forwarded-for',
    'forwarded',
    'x-original-url',
    'x-http-method-override',
    'proxy-authorization',
    'referer',
    'te',
    'x-tollgate-user',
    'via',
  ];
  const passed = {
    accept: 'application/json',
    'openai-beta': 'assistants=v2',
    'idempotency-key': 'k1',
    'user-agent': 'test/1',
    'x-stainless-retry-count': '1',
    'x-client-request-id': 'c1',
    traceparent: '00-1',
  };
  await get([...blocked.flatMap((name) => [name, 'evil.example']), ...Object.entries(passed).flat()]);
  const sent = pairs(received.rawHeaders);
  const names = sent.map(([name]) => name);
  for (const name of blocked) expect(names).not.toContain(name);
  expect(Object.fromEntries(sent)).toMatchObject({
    ...passed,
    authorization: `Bearer ${CANARY_KEY}`,
    host: new URL(upstream.baseUrl).host,
    'accept-encoding': 'identity',
  });
  expect(names.filter((name) => name === 'authorization')).toHaveLength(1);
  expect(received.rawHeaders.join()).not.toContain(token);
});

test('a client that asks for compression gets none, since nothing compressed can be metered', async () => {
  await get(['accept-encoding', 'gzip, br', 'connection', 'keep-alive, x-mine', 'x-mine', '1']);
  const sent = pairs(received.rawHeaders);
  expect(sent.filter(([name]) => name === 'accept-encoding')).toEqual([['accept-encoding', 'identity']]);
  expect(sent.map(([name]) => name)).not.toContain('x-mine');
});

test('the query goes to OpenAI as it came', async () => {
  await get([], '/v1/models?limit=2&after=a%2Fb+c&x=%zz&x=1&=&flag');
  expect(received.url).toBe('/v1/models?limit=2&after=a%2Fb+c&x=%zz&x=1&=&flag');
});
