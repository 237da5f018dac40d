import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { until } from '../../helpers/until.ts';
import { CHAT, eventData, KEY, openSimulation, post, rawPost } from './simulation-fixture.ts';

const STREAM = { ...CHAT, stream: true, stream_options: { include_usage: true } };

it('F14 resets after so many events and bills what was generated', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ fault: { kind: 'reset-after-chunks', chunks: 6 } });
  const { text, ended } = await rawPost(baseUrl, '/chat/completions', STREAM);
  expect(eventData(text)).toHaveLength(6);
  expect(ended).toBe('reset');
  await until(() => bill.rows.length > 0);
  // The first event has no text; the token of the event that was lost had been generated.
  expect(bill.rows).toMatchObject([{ status: 'failed', usage: { completion_tokens: 6 } }]);
});

it('F14 closes early without the end of the message', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ times: 2, fault: { kind: 'fin-after-chunks', chunks: 3 } });
  const { text, ended } = await rawPost(baseUrl, '/chat/completions', STREAM);
  expect([eventData(text).length, ended, text.endsWith('0\r\n\r\n')]).toEqual([3, 'end', false]);
  const whole = await rawPost(baseUrl, '/chat/completions', CHAT);
  const [head = '', body = ''] = whole.text.split('\r\n\r\n');
  expect(whole.ended).toBe('end');
  expect(body.length).toBeLessThan(Number(/content-length: (\d+)/i.exec(head)?.[1]));
  await until(() => bill.rows.length === 2);
  expect(bill.rows.map((each) => each.status)).toEqual(['failed', 'completed']);
});

it('ends a stream properly before its time', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ fault: { kind: 'end-after-chunks', chunks: 3 } });
  const text = await (await post(baseUrl, '/chat/completions', STREAM)).text();
  expect(eventData(text)).toHaveLength(3);
  expect(bill.rows[0]?.status).toBe('failed');
});

it('F15 hangs in the middle until the client leaves', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ times: 2, fault: { kind: 'hang-after-chunks', chunks: 4 } });
  const { text, ended } = await rawPost(baseUrl, '/chat/completions', STREAM, 1_500);
  expect([eventData(text).length, ended]).toEqual([4, 'timeout']);
  await until(() => bill.rows.length > 0);
  expect((await rawPost(baseUrl, '/chat/completions', CHAT, 1_500)).ended).toBe('timeout');
  expect(bill.rows.map((each) => each.status)).toEqual(['failed', 'completed']);
});

it('A43 breaks with an error event of the protocol, with the usage if asked for', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ fault: { kind: 'error-after-chunks', chunks: 2, withUsage: true } });
  faults.add({ fault: { kind: 'error-after-chunks', chunks: 2 } });
  const chat = eventData(await (await post(baseUrl, '/chat/completions', STREAM)).text());
  expect(chat).toHaveLength(3);
  expect(JSON.parse(chat[2] ?? '')).toMatchObject({
    error: { type: 'server_error' },
    usage: { prompt_tokens: 12 },
  });
  const text = await (
    await post(baseUrl, '/responses', { model: 'gpt-4o', input: 'hi', stream: true })
  ).text();
  expect(text).toMatch(
    /\nevent: error\ndata: {"type":"error","code":"server_error","message":"[^"]+","param":null,"sequence_number":0}\n\n$/,
  );
  expect(bill.rows.map((each) => each.status)).toEqual(['failed', 'failed']);
});

it('F15 trickles', async () => {
  const { baseUrl, faults } = await openSimulation();
  faults.add({ fault: { kind: 'trickle', bytes: 50, everyMs: 2 } });
  const startedAtMs = performance.now();
  const { choices } = (await (
    await post(baseUrl, '/chat/completions', { ...CHAT, max_tokens: 20 })
  ).json()) as { choices: [] };
  expect(choices).toHaveLength(1);
  expect(performance.now() - startedAtMs).toBeGreaterThan(15);
});

it('F16 answers with a page, or half of the JSON, after the model has run', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  for (const stream of [false, true]) {
    faults.add({ fault: { kind: 'html' } });
    const page = await post(baseUrl, '/chat/completions', { ...CHAT, stream });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toMatch(/^<!DOCTYPE html>/);
  }
  faults.add({ fault: { kind: 'truncated-json' } });
  const half = await (await post(baseUrl, '/chat/completions', CHAT)).text();
  expect(() => JSON.parse(half)).toThrow(SyntaxError);
  expect(bill.rows.map((each) => each.status)).toEqual(['completed', 'completed', 'completed']);
});

it('F16 compresses though nobody asked', async () => {
  const { baseUrl, faults } = await openSimulation();
  for (const body of [CHAT, STREAM]) {
    faults.add({ fault: { kind: 'gzip' } });
    const raw = await rawBytes(baseUrl, body);
    expect(raw.encoding).toBe('gzip');
    expect(gunzipSync(raw.body).toString('utf8')).toContain('"usage":{"prompt_tokens":12');
  }
});

it('F16 says what is no event, and leaves out the end', async () => {
  const { baseUrl, faults } = await openSimulation();
  faults.add({ fault: [{ kind: 'invalid-sse' }, { kind: 'no-done' }] });
  const text = await (await post(baseUrl, '/chat/completions', STREAM)).text();
  expect(text).toContain('\ndata {"choices": [\n');
  expect(text).not.toContain('[DONE]');
  expect(JSON.parse(eventData(text).at(-1) ?? '').usage).toBeTruthy();
});

it('A43 cuts events at odd bytes without changing them', async () => {
  const { baseUrl, faults } = await openSimulation();
  const schema = { type: 'object', properties: { größe: { const: '日本語 👩‍👩‍👧' } } };
  const body = { ...STREAM, response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } };
  faults.add({ fault: { kind: 'split', bytes: 3 } });
  const response = await post(baseUrl, '/chat/completions', body);
  const text = await response.text();
  const said = eventData(text)
    .slice(0, -1)
    .map((each) => JSON.parse(each).choices[0]?.delta.content ?? '');
  expect(JSON.parse(said.join(''))).toEqual({ größe: '日本語 👩‍👩‍👧' });
});

it('A43 sends the pieces it cuts on their own', async () => {
  const { baseUrl, faults } = await openSimulation();
  faults.add({ fault: { kind: 'split' } });
  const { text } = await rawPost(baseUrl, '/chat/completions', { ...STREAM, max_tokens: 3 }, 1_500);
  const sizes = [...text.matchAll(/\r\n([0-9a-f]+)\r\n/g)].map((match) => match[1]);
  expect(sizes.filter((size) => size === '7').length).toBeGreaterThan(100);
});

it('A43 speaks the other dialects of SSE', async () => {
  const { baseUrl, faults } = await openSimulation();
  const read = async (...fault: Parameters<typeof faults.add>[0]['fault'][]): Promise<string> => {
    faults.add({ fault: fault.flat() });
    return (await post(baseUrl, '/responses', { model: 'gpt-4o', input: 'hi', stream: true })).text();
  };
  expect(await read({ kind: 'line-ends', with: 'crlf' })).toMatch(
    /^event: response\.created\r\ndata: {[^\n]+}\r\n\r\nevent/,
  );
  expect(await read({ kind: 'line-ends', with: 'cr' })).toMatch(
    /^event: response\.created\rdata: {[^\r\n]+}\r\revent/,
  );
  expect(await read({ kind: 'no-space' })).toMatch(/^event:response\.created\ndata:{[^\n]+}\n\nevent/);
});

it('A43 sends a line of ten million characters', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ fault: { kind: 'long-line' } });
  const text = await (await post(baseUrl, '/chat/completions', STREAM)).text();
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeGreaterThan(10_000_000);
  expect(bill.rows[0]?.status).toBe('completed');
});

it('A66 trails headers behind the body', async () => {
  const { baseUrl, faults } = await openSimulation();
  for (const body of [CHAT, STREAM]) {
    faults.add({ fault: { kind: 'trailers' } });
    const { text } = await rawPost(baseUrl, '/chat/completions', body, 1_500);
    expect(text).toMatch(/\r\ntrailer: x-trailing, authorization\r\n/i);
    expect(text).toMatch(/0\r\nx-trailing: late\r\nauthorization: Bearer trailing\r\n\r\n$/i);
  }
});

async function rawBytes(
  baseUrl: string,
  body: unknown,
): Promise<{ encoding: string | undefined; body: Buffer }> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      'accept-encoding': 'identity',
    };
    const req = request(`${baseUrl}/chat/completions`, { method: 'POST', headers }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () =>
        resolve({ encoding: res.headers['content-encoding'], body: Buffer.concat(chunks) }),
      );
    });
    req.on('error', reject);
    req.end(JSON.stringify(body));
  });
}
