import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectRefused, openTarget, type Target } from '../helpers/expect-untouched.ts';
import { expectLedgerIsBill } from '../helpers/ledger.ts';
import type { WireAnswer } from '../helpers/wire.ts';

let target: Target;
/** Of an app that a single call of 1,000 output tokens nearly empties. */
let poor: string;
beforeAll(async () => {
  target = await openTarget();
  poor = await target.tollgate.createApp('poor', ['usd=0.01/day']);
});
afterAll(() => target.close());

const CHAT = { model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'Say hello' }] };

function send(token: string, path: string, body: string): Promise<WireAnswer> {
  const headers = [`Authorization: Bearer ${token}`, 'Content-Type: application/json'];
  return target.send({ target: path, headers, body });
}

type Maximum = readonly [path: string, field: string, body: object];
const OF_CHAT: Maximum = ['/v1/chat/completions', 'max_completion_tokens', CHAT];
const OF_RESPONSES: Maximum = [
  '/v1/responses',
  'max_output_tokens',
  { model: 'gpt-5.4-mini', input: 'Say hello' },
];
const MAXIMA: readonly Maximum[] = [
  OF_CHAT,
  OF_RESPONSES,
  ['/v1/chat/completions', 'max_tokens', CHAT],
  ['/v1/completions', 'max_tokens', { model: 'gpt-3.5-turbo-instruct', prompt: 'Say hello' }],
];
const NO_COUNTS = ['-1', '1.5', '"5"', '1e400', 'NaN', 'true', '[]', '{}', '1e20', '-1e20'];

test.each(MAXIMA)('A44 %s refuses a %s that is no count', async (path, field, body) => {
  for (const value of NO_COUNTS) {
    const text = JSON.stringify({ ...body, [field]: 0 }).replace(`"${field}":0`, `"${field}":${value}`);
    const answer = await expectRefused(target, () => send(target.token, path, text), { status: 400 });
    if (answer.headers['x-tollgate-error'] === 'invalid_body') {
      expect(JSON.parse(answer.body).error.param).toBe(field);
    }
  }
});

test.each(MAXIMA.slice(0, 3))(
  'A44 %s with a %s of a billion does not fit a small budget',
  async (path, field, body) => {
    const text = JSON.stringify({ ...body, [field]: 1_000_000_000 });
    await expectRefused(target, () => send(poor, path, text), { status: 429, code: 'quota_exceeded' });
  },
);

test.each([
  [1, 1_000_000_000],
  [1_000_000_000, 1],
])('A44 of max_tokens %d and max_completion_tokens %d the larger one counts', async (older, newer) => {
  const text = JSON.stringify({ ...CHAT, max_tokens: older, max_completion_tokens: newer });
  await expectRefused(target, () => send(poor, '/v1/chat/completions', text), { status: 429 });
});

test.each([OF_CHAT, OF_RESPONSES])(
  'A44 %s without a %s goes out with one that the budget can pay',
  async (path, field, body) => {
    const token = await target.tollgate.createApp(`without-${field}`, ['usd=0.01/day']);
    const older = path === OF_CHAT[0] ? [{ max_tokens: null }] : [];
    for (const given of [{}, { [field]: null }, ...older]) {
      const answer = await send(token, path, JSON.stringify({ ...body, ...given }));
      expect(answer.status).toBe(200);
      const sent = JSON.parse(target.tollgate.openai.received.at(-1)?.body.toString() ?? '{}');
      expect(sent[field]).toBe(Number(answer.headers['x-tollgate-max-output-tokens']));
      // $0.01 buys 2,222 tokens of this model.
      expect(sent[field]).toBeLessThan(2_222);
    }
    await expectLedgerIsBill(target.tollgate);
  },
);

const MULTIPLIERS: readonly [name: string, path: string, body: object, more: object][] = [
  ['n of 128', '/v1/chat/completions', { ...CHAT, max_completion_tokens: 200 }, { n: 128 }],
  [
    'best_of of 20',
    '/v1/completions',
    { model: 'gpt-3.5-turbo-instruct', prompt: 'hello', max_tokens: 400 },
    { best_of: 20 },
  ],
  [
    'n of 128 in the older API',
    '/v1/completions',
    { model: 'gpt-3.5-turbo-instruct', prompt: 'hello', max_tokens: 100 },
    { n: 128 },
  ],
  [
    'a list of 200 prompts',
    '/v1/completions',
    { model: 'gpt-3.5-turbo-instruct', prompt: 'hello', max_tokens: 100 },
    { prompt: Array.from({ length: 200 }, () => 'hello') },
  ],
  [
    'a list of 200 prompts of tokens',
    '/v1/completions',
    { model: 'gpt-3.5-turbo-instruct', prompt: [1, 2, 3], max_tokens: 100 },
    { prompt: Array.from({ length: 200 }, () => [1, 2]) },
  ],
  [
    'a list of 2,048 inputs of some length',
    '/v1/embeddings',
    { model: 'text-embedding-3-large', input: 'hello', dimensions: 8 },
    { input: Array.from({ length: 2_048 }, () => 'many words '.repeat(40)) },
  ],
  [
    'priority processing of n answers',
    '/v1/chat/completions',
    { ...CHAT, max_completion_tokens: 200 },
    { n: 8, service_tier: 'priority' },
  ],
];

test.each(MULTIPLIERS)('A45 %s is held in full', async (name, path, body, more) => {
  const token = await target.tollgate.createApp(name.replaceAll(/\W/g, '-'), ['usd=0.01/day']);
  const many = JSON.stringify({ ...body, ...more });
  await expectRefused(target, () => send(token, path, many), { status: 429, code: 'quota_exceeded' });
  const one = await send(token, path, JSON.stringify(body));
  expect(one.status).toBe(200);
  const rich = await send(target.token, path, many);
  expect(rich.status).toBe(200);
  await expectLedgerIsBill(target.tollgate);
});

test.each([
  ['/v1/chat/completions', 'n', CHAT],
  ['/v1/completions', 'n', { model: 'gpt-3.5-turbo-instruct', prompt: 'hello' }],
  ['/v1/completions', 'best_of', { model: 'gpt-3.5-turbo-instruct', prompt: 'hello' }],
])('A45 %s refuses a %s that is no small count', async (path, field, body) => {
  for (const value of ['0', '-1', '129', '1.5', '"2"', 'true', '1e9', '[1]']) {
    const text = `${JSON.stringify(body).slice(0, -1)},"${field}":${value}}`;
    await expectRefused(target, () => send(target.token, path, text), { status: 400, code: 'invalid_body' });
  }
});

test('A45 logprobs cost nothing beside the tokens', async () => {
  const text = JSON.stringify({ ...CHAT, max_completion_tokens: 50, logprobs: true, top_logprobs: 20 });
  expect((await send(target.token, '/v1/chat/completions', text)).status).toBe(200);
  await expectLedgerIsBill(target.tollgate);
});
