import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alertsOf, ask, untilAlerts } from '../../helpers/alerts.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';

interface Posted {
  readonly atMs: number;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let tollgate: Tollgate;
let server: Server;
let posted: Posted[];
/** What the address answers, one after the other; 200 when there is no more. */
let answers: RequestListener[];
beforeEach(async () => {
  posted = [];
  answers = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      posted.push({
        atMs: performance.now(),
        method,
        url,
        headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      const answer = answers.shift();
      if (answer) answer(request, response);
      else response.end('ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  tollgate = await openTollgate({ config: { webhookRetryMs: [50, 200, 400] } });
});
afterEach(async () => {
  await tollgate.close();
  server.closeAllConnections();
  server.close();
});

const address = (path = '/services/T000/B000/SecretSecretSecret?k=1'): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
const status = (code: number): RequestListener => {
  return (_request, response) => response.writeHead(code).end();
};
async function raise(name: string): Promise<void> {
  await ask(tollgate, await tollgate.createApp(name, ['requests=1/day']));
}

test('as Slack takes it, and names of others can be no mention and no link', async () => {
  const { client } = tollgate;
  const view = await client.webhook.set({ url: address() });
  expect(view).toEqual({ address: `${new URL(address()).origin}/…`, last: null, waiting: 0 });
  const token = await tollgate.createApp('notebook', ['usd=1/day']);
  await tollgate.post(token, '/chat/completions', {
    model: 'a&b<!channel>',
    messages: [{ role: 'user', content: 'Hi' }],
  });
  await until(() => posted.length === 1, 10_000);
  const [message] = posted;
  expect(message).toMatchObject({ method: 'POST', url: '/services/T000/B000/SecretSecretSecret?k=1' });
  expect(message?.headers['content-type']).toBe('application/json');
  const [alert] = await alertsOf(tollgate);
  const title = 'notebook uses a&amp;b&lt;!channel&gt;, which has no price';
  expect(JSON.parse(message?.body ?? '')).toEqual({
    text: `Tollgate: ${title}`,
    attachments: [
      {
        fallback: title,
        color: '#e2a200',
        text: alert?.detail,
        fields: [
          { title: 'App', value: 'notebook', short: true },
          { title: 'Kind', value: 'unpriced-model', short: true },
        ],
        ts: Math.floor(Date.parse(alert?.at ?? '') / 1000),
      },
    ],
  });
  await until(async () => (await client.webhook.get()).last?.delivered === true);
  expect(await client.webhook.get()).toMatchObject({ last: { status: 200, tries: 1 }, waiting: 0 });
});

test('again after a while where it failed, and longer each time', async () => {
  answers = [status(503), (request) => request.socket.destroy(), status(429)];
  await tollgate.client.webhook.set({ url: address() });
  await raise('notebook');
  await until(() => posted.length === 4, 10_000);
  const [first, second, third, fourth] = posted.map(({ atMs }) => atMs);
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(45);
  expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(195);
  expect((fourth ?? 0) - (third ?? 0)).toBeGreaterThanOrEqual(395);
  expect(new Set(posted.map(({ body }) => body)).size).toBe(1);
  await until(async () => (await tollgate.client.webhook.get()).last?.delivered === true);
  expect(await tollgate.client.webhook.get()).toMatchObject({ last: { tries: 4 }, waiting: 0 });
});

test('given up after the last try, and the next alert is posted all the same', async () => {
  answers = Array.from({ length: 4 }, () => status(500));
  await tollgate.client.webhook.set({ url: address() });
  await raise('first');
  await until(() => posted.length === 4, 10_000);
  await raise('second');
  await until(() => posted.length === 5, 10_000);
  expect(posted[4]?.body).toContain('second has used up');
  expect(await untilAlerts(tollgate, 2)).toHaveLength(2);
});

test('T3 a redirect is not followed, wherever it leads', async () => {
  const other = createServer((_request, response) => response.end());
  let reached = 0;
  other.on('request', () => {
    reached += 1;
  });
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  try {
    await tollgate.client.webhook.set({ url: address() });
    for (const [code, location] of [
      [301, elsewhere],
      [302, 'http://169.254.169.254/latest/meta-data/'],
      [307, elsewhere],
      [308, `${tollgate.baseUrl}/models`],
    ] as const) {
      answers = [(_request, response) => response.writeHead(code, { location }).end()];
      const view = await tollgate.client.webhook.test();
      expect(view.last).toMatchObject({ delivered: false, status: code, tries: 1 });
    }
    expect(reached).toBe(0);
    expect(posted).toHaveLength(4);
  } finally {
    other.close();
  }
});

test.each([
  'ftp://example.com/x',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'http://example.com/hook',
  'http://10.0.0.1/hook',
  'http://192.168.1.1/hook',
  'http://127.0.0.1.evil.com/hook',
  'http://localhost.evil.com/hook',
  'http://0.0.0.0/hook',
  'http://[::]/hook',
  'http://[::ffff:10.0.0.1]/hook',
  'http://user:pass@127.0.0.1/hook',
  'https://user@hooks.slack.com/x',
  'http://127.0.0.1@evil.com/hook',
  'https://169.254.169.254/latest',
  'https://0xa9fea9fe/latest',
  'https://[fe80::1]/hook',
  'https://[::ffff:169.254.169.254]/latest',
  'https://0.0.0.0/hook',
  'https://[::]/hook',
  'https://224.0.0.1/hook',
  'nonsense',
  ' ',
])('T2 %s is no address for alerts', async (url) => {
  await expect(tollgate.client.webhook.set({ url })).rejects.toMatchObject({ code: 'webhook_invalid' });
  expect((await tollgate.client.webhook.get()).address).toBeNull();
});

test.each([
  ['https://hooks.slack.com/services/T/B/x', 'https://hooks.slack.com/…'],
  ['https://mattermost.lan.example/hooks/x', 'https://mattermost.lan.example/…'],
  ['http://localhost:9999/hook', 'http://localhost:9999/…'],
  ['http://[::1]:9999', 'http://[::1]:9999'],
  ['http://2130706433:9999/x', 'http://127.0.0.1:9999/…'],
])('%s is one, and is shown as %s', async (url, shown) => {
  expect((await tollgate.client.webhook.set({ url })).address).toBe(shown);
  expect((await tollgate.client.webhook.remove()).address).toBeNull();
});

test('the address is in no answer, event or problem', async () => {
  const { client } = tollgate;
  server.closeAllConnections();
  const url = address();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  await client.webhook.set({ url });
  const view = await client.webhook.test();
  expect(view.last).toMatchObject({ delivered: false, status: null });
  expect(JSON.stringify([view, await client.settings.get(), await client.alerts.settings()])).not.toContain(
    'Secret',
  );
});

test('nobody posts where no address is set', async () => {
  await expect(tollgate.client.webhook.test()).rejects.toMatchObject({ code: 'webhook_missing' });
  await tollgate.client.webhook.set({ url: address() });
  await tollgate.client.webhook.remove();
  await raise('notebook');
  await untilAlerts(tollgate, 1);
  expect(posted).toEqual([]);
});

test('no proxy of the environment is used', async () => {
  const before = process.env['HTTP_PROXY'];
  process.env['HTTP_PROXY'] = 'http://127.0.0.1:9';
  try {
    await tollgate.client.webhook.set({ url: address() });
    expect((await tollgate.client.webhook.test()).last).toMatchObject({ delivered: true });
  } finally {
    if (before === undefined) delete process.env['HTTP_PROXY'];
    else process.env['HTTP_PROXY'] = before;
  }
  expect(posted).toHaveLength(1);
});
