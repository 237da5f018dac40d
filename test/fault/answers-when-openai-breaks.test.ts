import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RequestView } from '../../proxy/contract/requests.ts';
import type { Fault } from '../../proxy/demo/faults.ts';
import { CHAT } from '../helpers/engine-home.ts';
import { openTollgate, type Tollgate } from '../helpers/open-tollgate.ts';
import { until } from '../helpers/until.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate({
    config: { timeouts: { connectMs: 500, headersMs: 1_500, bodyMs: 1_500 } },
  });
});
afterAll(() => tollgate.close());

interface Case {
  readonly name: string;
  readonly fault: Fault | readonly Fault[];
  readonly streamed: boolean;
  /** What the client sees, and the code in `x-tollgate-error` when the answer is ours. */
  readonly status: number;
  readonly error: string | null;
  readonly outcome: RequestView['outcome'];
  readonly reason: string | null;
  /** In the body that the client gets. */
  readonly body: RegExp;
}

const BROKEN = {
  status: 502,
  error: 'upstream_broken',
  outcome: 'charged-at-bound',
  reason: 'upstream_broken',
  body: /broke off/,
} as const;
const TIMED_OUT = {
  status: 504,
  error: 'upstream_timeout',
  outcome: 'charged-at-bound',
  reason: 'upstream_timeout',
  body: /did not answer within/,
} as const;
const CUT = {
  status: 200,
  error: null,
  outcome: 'charged-at-bound',
  reason: 'upstream_broken',
  body: /"code":"upstream_broken"/,
} as const;
const MISSING = { status: 200, error: null, outcome: 'charged-at-bound', reason: 'usage_missing' } as const;
const REFUSED = { error: null, outcome: 'voided', reason: 'upstream_refused' } as const;
const whole = { streamed: false };
const stream = { streamed: true };

const CASES: readonly Case[] = [
  { name: 'F14 a reset before the headers', fault: { kind: 'reset-before-headers' }, ...whole, ...BROKEN },
  {
    name: 'F14 a reset before the headers of a stream',
    fault: { kind: 'reset-before-headers' },
    ...stream,
    ...BROKEN,
  },
  { name: 'F14 a reset after the headers', fault: { kind: 'reset-after-headers' }, ...whole, ...BROKEN },
  {
    name: 'F14 a reset after the headers of a stream',
    fault: { kind: 'reset-after-headers' },
    ...stream,
    ...CUT,
  },
  { name: 'F14 a reset in the body', fault: { kind: 'reset-after-chunks', chunks: 1 }, ...whole, ...BROKEN },
  { name: 'F14 a reset in a stream', fault: { kind: 'reset-after-chunks', chunks: 3 }, ...stream, ...CUT },
  {
    name: 'F14 an early end of the body',
    fault: { kind: 'fin-after-chunks', chunks: 1 },
    ...whole,
    ...BROKEN,
  },
  { name: 'F14 an early end of a stream', fault: { kind: 'fin-after-chunks', chunks: 3 }, ...stream, ...CUT },
  { name: 'F15 no answer', fault: { kind: 'hang-before-headers' }, ...whole, ...TIMED_OUT },
  { name: 'F15 no answer to a stream', fault: { kind: 'hang-before-headers' }, ...stream, ...TIMED_OUT },
  { name: 'F15 a body that stops', fault: { kind: 'hang-after-chunks', chunks: 1 }, ...whole, ...TIMED_OUT },
  {
    name: 'F15 a stream that stops',
    fault: { kind: 'hang-after-chunks', chunks: 3 },
    ...stream,
    ...CUT,
    reason: 'upstream_timeout',
    body: /"code":"upstream_timeout"/,
  },
  {
    name: 'F15 a stream that trickles',
    fault: { kind: 'trickle', bytes: 400, everyMs: 5 },
    ...stream,
    status: 200,
    error: null,
    outcome: 'settled',
    reason: null,
    body: /\[DONE\]/,
  },
  {
    name: 'F16 a rate limit of OpenAI',
    fault: { kind: 'rate-limit' },
    ...whole,
    status: 429,
    ...REFUSED,
    body: /rate_limit_exceeded/,
  },
  {
    name: 'F16 a quota of OpenAI',
    fault: { kind: 'insufficient-quota' },
    ...stream,
    status: 429,
    ...REFUSED,
    body: /insufficient_quota/,
  },
  {
    name: 'F16 an error of OpenAI',
    fault: { kind: 'server-error' },
    ...whole,
    status: 500,
    ...REFUSED,
    body: /had an error/,
  },
  {
    name: 'F16 an overload of OpenAI',
    fault: { kind: 'overloaded' },
    ...stream,
    status: 503,
    ...REFUSED,
    body: /overloaded/,
  },
  {
    name: 'F16 an error of some gateway',
    fault: { kind: 'status', status: 502, body: '<html>Bad Gateway</html>' },
    ...whole,
    status: 502,
    ...REFUSED,
    body: /Bad Gateway/,
  },
  {
    name: 'F16 a redirect',
    fault: { kind: 'redirect', location: 'http://evil.example/' },
    ...whole,
    ...BROKEN,
    reason: 'upstream_redirect',
    body: /redirect/,
  },
  { name: 'F16 a page in place of an answer', fault: { kind: 'html' }, ...whole, ...MISSING, body: /<html>/ },
  { name: 'F16 a page in place of a stream', fault: { kind: 'html' }, ...stream, ...MISSING, body: /<html>/ },
  { name: 'F16 JSON that is cut', fault: { kind: 'truncated-json' }, ...whole, ...MISSING, body: /^\{"id"/ },
  {
    name: 'F16 gzip that nobody asked for',
    fault: { kind: 'gzip' },
    ...whole,
    ...MISSING,
    body: /"chat.completion"/,
  },
  {
    name: 'F16 a stream with garbage in it',
    fault: { kind: 'invalid-sse' },
    ...stream,
    status: 200,
    error: null,
    outcome: 'settled',
    reason: null,
    body: /not an event[\s\S]*\[DONE\]/,
  },
  {
    name: 'F16 a stream without its end mark',
    fault: { kind: 'no-done' },
    ...stream,
    status: 200,
    error: null,
    outcome: 'settled',
    reason: null,
    body: /"finish_reason":"stop"|"finish_reason":"length"/,
  },
  {
    name: 'F16 a stream that ends too soon',
    fault: { kind: 'end-after-chunks', chunks: 3 },
    ...stream,
    ...MISSING,
    body: /data: /,
  },
  {
    name: 'F16 an error in a stream',
    fault: { kind: 'error-after-chunks', chunks: 3 },
    ...stream,
    ...MISSING,
    body: /server_error/,
  },
];

test.each(CASES)('$name', async ({ name, fault, streamed, status, error, outcome, reason, body }) => {
  const app = `app${CASES.findIndex((each) => each.name === name)}`;
  const token = await tollgate.createApp(app, ['usd=1/day']);
  const received = tollgate.openai.received.length;
  const billed = tollgate.openai.bill.totalNanoUsd();
  tollgate.openai.faults.add({ fault });

  const response = await tollgate.post(token, '/chat/completions', { ...CHAT, stream: streamed });
  expect([response.status, response.headers.get('x-tollgate-error')]).toEqual([status, error]);
  expect(await response.text()).toMatch(body);

  await until(async () => (await tollgate.client.engine.status()).inFlight === 0);
  // Sent once, whatever happened.
  expect(tollgate.openai.received.length - received).toBe(1);
  const { requests } = await tollgate.client.requests.list({ app });
  expect(requests).toMatchObject([{ outcome, reason }]);
  const row = requests[0];
  const bill = tollgate.openai.bill.totalNanoUsd() - billed;
  if (outcome === 'voided') expect([row?.costNanoUsd, bill]).toEqual([0, 0]);
  if (outcome === 'settled') expect(row?.costNanoUsd).toBe(bill);
  if (outcome === 'charged-at-bound') expect(row?.costNanoUsd).toBe(row?.holdNanoUsd);
  expect(row?.costNanoUsd).toBeGreaterThanOrEqual(bill);
  const { limits } = await tollgate.client.apps.get({ app });
  expect(limits).toMatchObject([{ settled: row?.costNanoUsd, held: 0 }]);
});
