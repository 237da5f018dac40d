import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { demoPrices } from '../../proxy/demo/demo-prices.ts';
import { openSimulatedOpenAi } from '../../proxy/demo/simulated-openai.ts';
import { GOOD_CHAT } from '../helpers/expect-untouched.ts';
import { CANARY_KEY } from '../helpers/open-tollgate.ts';
import { runTollgate, type Served, serveTollgate } from '../helpers/tollgate-command.ts';

let home: string;
let served: Served | null = null;
const closing: (() => unknown)[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tollgate-test-'));
});
afterEach(async () => {
  await served?.stop();
  served = null;
  for (const close of closing.splice(0)) await close();
  rmSync(home, { recursive: true, force: true });
});

/** Serves `upstream` with these variables, and sends one chat through. */
async function chatThrough(upstream: string, env: Readonly<Record<string, string>>): Promise<Response> {
  const options = { home, env: { OPENAI_API_KEY: CANARY_KEY, ...env } };
  served = await serveTollgate(['--key-store=env', `--upstream=${upstream}`], options);
  const created = await runTollgate(['app', 'create', 'app', '--limit', 'usd=1/day', '--json'], { home });
  const { token } = JSON.parse(created.stdout) as { token: string };
  return fetch(`${served.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: GOOD_CHAT,
  });
}

test('A16 no proxy of the environment sees a request, nor a file its keys', async () => {
  let visitors = 0;
  const sink = createServer((socket) => {
    visitors += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(sink, 'listening');
  const openai = await openSimulatedOpenAi({ key: CANARY_KEY, prices: demoPrices, tokensPerSecond: 0 });
  closing.push(() => sink.close(), openai.close);
  const proxy = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`;
  const keyLog = join(home, 'keys.log');
  const answer = await chatThrough(openai.baseUrl, {
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    ALL_PROXY: proxy,
    all_proxy: proxy,
    NODE_USE_ENV_PROXY: '1',
    npm_config_proxy: proxy,
    npm_config_https_proxy: proxy,
    OPENAI_BASE_URL: proxy,
    OPENAI_API_BASE: proxy,
    SSLKEYLOGFILE: keyLog,
  });
  expect(answer.status).toBe(200);
  expect(visitors).toBe(0);
  expect(openai.received).toHaveLength(1);
  expect(() => readFileSync(keyLog)).toThrow('ENOENT');
});

test.each([
  ['NODE_EXTRA_CA_CERTS', (ca: string) => ({ NODE_EXTRA_CA_CERTS: ca })],
  ['SSL_CERT_FILE', (ca: string) => ({ SSL_CERT_FILE: ca, NODE_OPTIONS: '--use-openssl-ca' })],
  ['NODE_TLS_REJECT_UNAUTHORIZED', () => ({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })],
])('A16 %s makes no certificate good enough', async (_name, env) => {
  const [key, cert] = [join(home, 'key.pem'), join(home, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const make = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '1',
  ];
  execFileSync('openssl', [...make, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  let requests = 0;
  const impostor = createTlsServer(
    { key: readFileSync(key), cert: readFileSync(cert) },
    (_request, response) => {
      requests += 1;
      response.end('{}');
    },
  ).listen(0, '127.0.0.1');
  await once(impostor, 'listening');
  closing.push(() => impostor.close());
  const { port } = impostor.address() as AddressInfo;
  const answer = await chatThrough(`https://127.0.0.1:${port}/v1`, env(cert));
  expect(answer.status).toBe(502);
  expect(answer.headers.get('x-tollgate-error')).toBe('upstream_unreachable');
  expect(requests).toBe(0);
  const usage = await runTollgate(['usage', '--json'], { home });
  expect(JSON.parse(usage.stdout).total).toMatchObject({ costNanoUsd: 0, heldNanoUsd: 0 });
});

test.each([
  'http://api.openai.com/v1',
  'http://0.0.0.0:1/v1',
  'http://evil.com@127.0.0.1:1/v1',
  'ftp://127.0.0.1/v1',
])('A16 an upstream of %s is refused at the start', async (upstream) => {
  const options = { home, env: { OPENAI_API_KEY: CANARY_KEY } };
  const serving = serveTollgate(['--key-store=env', `--upstream=${upstream}`], options);
  await expect(serving).rejects.toThrow('upstream_invalid');
});
