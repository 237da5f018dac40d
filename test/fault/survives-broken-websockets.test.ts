import { afterEach, beforeEach, expect, test } from 'vitest';
import { findingsOf } from '../helpers/findings.ts';
import { openTollgate, type Tollgate } from '../helpers/open-tollgate.ts';
import { openTestSocket, type SocketRefused, type TestSocket } from '../helpers/test-socket.ts';
import { until } from '../helpers/until.ts';
import { requestsOf, totalOf } from '../integration/sockets/socket-ledger.ts';

let tollgate: Tollgate;
let token: string;
beforeEach(async () => {
  tollgate = await openTollgate({
    openai: { tokensPerSecond: 500, outputTokens: { min: 100, max: 100 } },
    config: { timeouts: { connectMs: 3_000, headersMs: 3_000, bodyMs: 2_000 } },
  });
  token = await tollgate.createApp('bot', ['usd=5/day']);
});
afterEach(() => tollgate.close());

const CREATE = { type: 'response.create', model: 'gpt-4o', input: 'Say something.' };

function connect(): Promise<TestSocket> {
  return openTestSocket(tollgate.baseUrl, '/responses', { headers: { authorization: `Bearer ${token}` } });
}

test.each([
  ['resets', { kind: 'socket-reset-after-events', events: 5 }, 'upstream_broken', 1011],
  ['closes', { kind: 'socket-close-after-events', events: 5 }, 'upstream_broken', 1011],
  [
    'closes in good order',
    { kind: 'socket-close-after-events', events: 5, code: 1000 },
    'upstream_broken',
    1000,
  ],
  ['falls silent', { kind: 'socket-hang-after-events', events: 5 }, 'upstream_timeout', 1011],
] as const)(
  'F14 OpenAI %s in the middle: charged at the bound, and the client is told',
  async (_name, fault, reason, code) => {
    tollgate.openai.faults.add({ path: '/responses', fault });
    const socket = await connect();
    socket.send({ ...CREATE, max_output_tokens: 500 });
    expect((await socket.next('error')).error).toMatchObject({ code: reason });
    expect(await socket.closed()).toBe(code);
    const [request] = await requestsOf(tollgate, 1);
    expect(request).toMatchObject({ outcome: 'charged-at-bound', reason });
    expect(request?.costNanoUsd).toBe(request?.holdNanoUsd);
    await until(() => tollgate.openai.bill.rows.length === 1);
    expect(await totalOf(tollgate)).toBeGreaterThanOrEqual(tollgate.openai.bill.totalNanoUsd());
    expect((await tollgate.client.engine.holds()).holds).toEqual([]);
  },
);

test('F15 one that falls silent while nothing is asked of it is left alone', async () => {
  const socket = await connect();
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  socket.send(CREATE);
  await socket.next('response.completed');
});

test.each([
  ['a status', { kind: 'socket-refuse', status: 503, body: { error: { message: 'busy' } } }, 503],
  ['nothing for too long', { kind: 'hang-before-headers' }, 502],
  ['a reset', { kind: 'reset-before-headers' }, 502],
] as const)('F14 an upgrade that OpenAI answers with %s costs nothing', async (_name, fault, status) => {
  tollgate.openai.faults.add({ path: '/responses', fault });
  const refused = await connect().catch((error: SocketRefused) => error);
  expect(refused).toMatchObject({ status });
  expect(await requestsOf(tollgate, 1)).toMatchObject([{ outcome: 'refused', costNanoUsd: 0 }]);
  const socket = await connect();
  socket.send(CREATE);
  await socket.next('response.completed');
});

test('F23 a rejected key is told as such, without what OpenAI leaves of it', async () => {
  tollgate.openai.faults.add({ path: '/responses', fault: { kind: 'unauthorized' } });
  const refused = await connect().catch((error: SocketRefused) => error);
  expect(refused).toMatchObject({ status: 401 });
  expect(String((refused as SocketRefused).body)).toContain('upstream_key_rejected');
  expect(String((refused as SocketRefused).body)).not.toContain('sk-');
});

test.each([
  ['missing', 'charged-at-bound', 'usage_missing'],
  ['null', 'charged-at-bound', 'usage_missing'],
  ['zero', 'charged-at-bound', 'usage_bad'],
  ['negative', 'charged-at-bound', 'usage_bad'],
  ['float', 'charged-at-bound', 'usage_bad'],
  ['string', 'charged-at-bound', 'usage_bad'],
  ['absurd', 'charged-at-bound', 'usage_bad'],
  ['twice', 'settled', null],
] as const)('A54 usage that is %s on a socket', async (as, outcome, reason) => {
  tollgate.openai.faults.add({ path: '/responses', fault: { kind: 'socket-usage', as } });
  const socket = await connect();
  socket.send({ ...CREATE, max_output_tokens: 500 });
  await socket.next('response.completed');
  const [request] = await requestsOf(tollgate, 1);
  expect(request).toMatchObject({ outcome, reason });
  expect(request?.costNanoUsd).toBeGreaterThanOrEqual(tollgate.openai.bill.totalNanoUsd());
});

test('A54 an answer of a dearer model is charged as it is, above the hold, and told', async () => {
  tollgate.openai.faults.add({ path: '/responses', fault: { kind: 'response-model', model: 'gpt-5.4-pro' } });
  // The rule is met by the upgrade, and holds for the socket.
  const socket = await connect();
  socket.send({ ...CREATE, model: 'gpt-5.4-nano', max_output_tokens: 500 });
  await socket.next('response.completed');
  const [request] = await requestsOf(tollgate, 1);
  expect(request?.costNanoUsd).toBeGreaterThan(request?.holdNanoUsd ?? Number.POSITIVE_INFINITY);
  expect(request?.costNanoUsd).toBe(tollgate.openai.bill.totalNanoUsd());
  expect((await findingsOf(tollgate)).map(({ finding }) => finding)).toContain('overage');
});
