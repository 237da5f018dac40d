import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { lastBill, ledgerOf, untilIdle } from '../../helpers/ledger.ts';
import { CANARY_KEY, openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { sendRaw } from '../../helpers/raw-http.ts';
import { openUpstreamServer, type UpstreamServer } from '../../helpers/upstream-server.ts';

let tollgate: Tollgate;
let token: string;
beforeAll(async () => {
  tollgate = await openTollgate();
  token = await tollgate.createApp('app', ['usd=10/day']);
});
afterAll(() => tollgate.close());
afterEach(() => tollgate.openai.faults.clear());

/** Both sides close by themselves; this ends what hangs. */
const QUIET_MS = 10_000;

const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] };

test.for([false, true])(
  '103 Early Hints before an answer (streamed: %s) are not taken for it',
  async (stream) => {
    tollgate.openai.faults.add({ fault: { kind: 'early-hints' } });
    const answer = await tollgate.post(token, '/chat/completions', { ...chat, stream });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('link')).toBeNull();
    expect(await answer.text()).toContain('chatcmpl-');
    await untilIdle(tollgate);
    const row = (await ledgerOf(tollgate, 'app')).at(-1);
    expect(row).toMatchObject({ outcome: 'settled', costNanoUsd: lastBill(tollgate).costNanoUsd });
  },
);

test.for([false, true])(
  'A66 trailers of OpenAI (streamed: %s) are neither passed on nor taken for headers',
  async (stream) => {
    tollgate.openai.faults.add({ fault: { kind: 'trailers' } });
    const body = JSON.stringify({ ...chat, stream });
    const answer = await sendRaw(
      tollgate.port,
      `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:${tollgate.port}\r\nTE: trailers\r\n` +
        `Authorization: Bearer ${token}\r\nContent-Type: application/json\r\nConnection: close\r\n` +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
      QUIET_MS,
    );
    expect(answer.status).toBe(200);
    expect(answer.headers['trailer']).toBeUndefined();
    expect(answer.text).not.toContain('x-trailing');
    expect(answer.text).not.toContain('Bearer trailing');
    const row = (await ledgerOf(tollgate, 'app')).at(-1);
    expect(row).toMatchObject({ outcome: 'settled', costNanoUsd: lastBill(tollgate).costNanoUsd });
  },
);

test('a header of OpenAI that is large but in order passes, one without measure ends the request', async () => {
  tollgate.openai.faults.add({ fault: { kind: 'huge-header', bytes: 10_000 } });
  const large = await tollgate.post(token, '/chat/completions', chat);
  expect(large.status).toBe(200);
  expect(large.headers.get('x-huge')).toHaveLength(10_000);
  tollgate.openai.faults.add({ fault: { kind: 'huge-header', bytes: 200_000 } });
  const huge = await tollgate.post(token, '/chat/completions', chat);
  expect(huge.status).toBe(502);
  expect(huge.headers.get('x-tollgate-error')).toBe('upstream_broken');
  await untilIdle(tollgate);
  const row = (await ledgerOf(tollgate, 'app')).at(-1);
  expect(row).toMatchObject({ outcome: 'charged-at-bound' });
  expect(row?.costNanoUsd).toBeGreaterThanOrEqual(lastBill(tollgate).costNanoUsd);
});

test('HEAD is answered like GET, without a body', async () => {
  const path = `${tollgate.baseUrl}/models/gpt-4o`;
  const headers = { authorization: `Bearer ${token}` };
  const [get, head] = await Promise.all([fetch(path, { headers }), fetch(path, { method: 'HEAD', headers })]);
  expect(head.status).toBe(200);
  expect(head.headers.get('content-length')).toBe(String((await get.arrayBuffer()).byteLength));
  expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
  expect(await head.text()).toBe('');
});

test('OpenAI writes slowly, and the client sees each piece as it comes', async () => {
  tollgate.openai.faults.add({ fault: { kind: 'trickle', bytes: 150, everyMs: 5 } });
  const answer = await tollgate.post(token, '/chat/completions', { ...chat, stream: true });
  const arrivals: number[] = [];
  for await (const _ of answer.body ?? []) arrivals.push(performance.now());
  expect(arrivals.length).toBeGreaterThan(5);
  await untilIdle(tollgate);
  const row = (await ledgerOf(tollgate, 'app')).at(-1);
  expect(row).toMatchObject({ outcome: 'settled', costNanoUsd: lastBill(tollgate).costNanoUsd });
});

test('a client sends its body in small pieces and without a length', async () => {
  const body = JSON.stringify(chat);
  const answer = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(
      `${tollgate.baseUrl}/chat/completions`,
      { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } },
      (res) => {
        let text = '';
        res.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        res.on('end', () => resolve({ status: res.statusCode ?? 0, text }));
      },
    );
    sent.on('error', reject);
    const send = (at: number): void => {
      if (at >= body.length) sent.end();
      else sent.write(body.slice(at, at + 5), () => setTimeout(() => send(at + 5), 2));
    };
    send(0);
  });
  expect(answer.status).toBe(200);
  expect(tollgate.openai.received.at(-1)?.body.toString()).toBe(body);
  const sentOn = tollgate.openai.received.at(-1)?.rawHeaders.map((text) => text.toLowerCase()) ?? [];
  expect(sentOn[sentOn.indexOf('content-length') + 1]).toBe(String(body.length));
  expect(sentOn).not.toContain('transfer-encoding');
});

test('two requests on one connection are answered in turn', async () => {
  const one = `GET /v1/models/gpt-4o HTTP/1.1\r\nHost: 127.0.0.1:${tollgate.port}\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  const last = one.replace('gpt-4o', 'gpt-4.1').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
  const { text } = await sendRaw(tollgate.port, one + last, QUIET_MS);
  expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  expect(text.indexOf('"gpt-4o"')).toBeLessThan(text.indexOf('"gpt-4.1"'));
});

test('parts of an answer and answers that have not changed pass as they are', async () => {
  const whole = 'x'.repeat(100);
  const upstream: UpstreamServer = await openUpstreamServer((req, res) => {
    if (req.headers['if-none-match'] === '"v1"') res.writeHead(304, { etag: '"v1"' }).end();
    else if (req.headers.range === 'bytes=10-19' && req.headers['if-range'] === '"v1"') {
      res.writeHead(206, {
        'content-range': 'bytes 10-19/100',
        'content-type': 'text/plain',
        'content-length': 10,
      });
      res.end(whole.slice(10, 20));
    } else if (req.headers.authorization === `Bearer ${CANARY_KEY}`) res.end(whole);
    else res.writeHead(400).end();
  });
  const other = await openTollgate({ config: { upstream: upstream.baseUrl } });
  const authorization = `Bearer ${await other.createApp('app')}`;
  const get = (headers: Record<string, string>) =>
    fetch(`${other.baseUrl}/models`, { headers: { authorization, ...headers } });
  const part = await get({ range: 'bytes=10-19', 'if-range': '"v1"' });
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
    206,
    'bytes 10-19/100',
    'x'.repeat(10),
  ]);
  const same = await get({ 'if-none-match': '"v1"' });
  expect([same.status, same.headers.get('etag'), await same.text()]).toEqual([304, '"v1"', '']);
  expect(await (await get({})).text()).toBe(whole);
  await other.close();
  await upstream.close();
});
