import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseUsd } from '../../../proxy/contract/money.ts';
import { expectLedgerIsBill, lastBill, onlyRowOf } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  // Longer than a test may take: what waits instead of being refused fails.
  tollgate = await openTollgate({ config: { queueMs: 60_000 }, openai: { firstTokenMs: 5 } });
});
afterAll(() => tollgate.close());

/** $10 per million output tokens and at most 16,384 of them: $0.16384 a whole answer. */
const model = 'gpt-4o';
const service_tier = 'default';
const messages = [{ role: 'user', content: 'Write 3000 tokens' }];
const chat = { model, service_tier, messages };

function lastBody(): string {
  return tollgate.openai.received.at(-1)?.body.toString('utf8') ?? '';
}

test('an answer whose bound is at most half of what is free goes out untouched', async () => {
  const token = await tollgate.createApp('plenty', ['usd=0.34/day']);
  const answer = await tollgate.post(token, '/chat/completions', chat);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-tollgate-max-output-tokens')).toBeNull();
  expect(lastBody()).toBe(JSON.stringify(chat));
});

test.for([
  { path: '/chat/completions', body: chat, field: 'max_completion_tokens' },
  { path: '/chat/completions', body: { ...chat, stream: true }, field: 'max_completion_tokens' },
  {
    path: '/responses',
    body: { model, service_tier, input: 'Write 3000 tokens' },
    field: 'max_output_tokens',
  },
  {
    path: '/responses',
    body: { model, service_tier, input: 'Write 3000 tokens', stream: true },
    field: 'max_output_tokens',
  },
])('near the cap $path of $body.stream is told as $field what half of the rest buys', async (each) => {
  const name = `near-${tollgate.openai.received.length}`;
  const token = await tollgate.createApp(name, ['usd=0.02/day']);
  const answer = await tollgate.post(token, each.path, each.body);
  expect(answer.status).toBe(200);
  await answer.text();
  const injected = Number(answer.headers.get('x-tollgate-max-output-tokens'));
  // Half of two cents at $10 per million, less the input.
  expect(injected).toBeGreaterThan(900);
  expect(injected).toBeLessThanOrEqual(1_000);
  const sent = JSON.parse(lastBody()) as Record<string, unknown>;
  expect(sent[each.field]).toBe(injected);
  expect(lastBody().replace(`"${each.field}":${injected},`, '')).toContain(
    JSON.stringify(each.body).slice(1, -1),
  );

  const row = await onlyRowOf(tollgate, name);
  expect(row).toMatchObject({ outcome: 'settled', outputTokens: injected });
  expect(row.holdNanoUsd).toBeLessThanOrEqual((parseUsd('0.02') ?? 0) / 2);
  expect(row.costNanoUsd).toBe(lastBill(tollgate).costNanoUsd);
});

test('a maximum of the client that costs more than is free is refused at once', async () => {
  const token = await tollgate.createApp('fixed', ['usd=0.02/day']);
  const before = tollgate.openai.received.length;
  const answer = await tollgate.post(token, '/chat/completions', { ...chat, max_completion_tokens: 2_001 });
  expect(answer.status).toBe(429);
  expect(tollgate.openai.received.length).toBe(before);
  const fits = await tollgate.post(token, '/chat/completions', { ...chat, max_completion_tokens: 1_900 });
  expect(fits.status).toBe(200);
  expect(fits.headers.get('x-tollgate-max-output-tokens')).toBeNull();
});

test('an answer that would have to be shorter than 256 tokens is refused instead', async () => {
  // Half of it buys 250 tokens.
  const token = await tollgate.createApp('crumbs', ['usd=0.005/day']);
  expect((await tollgate.post(token, '/chat/completions', chat)).status).toBe(429);
  const short = { ...chat, max_completion_tokens: 250 };
  expect((await tollgate.post(token, '/chat/completions', short)).status).toBe(200);
});

test('ten parallel calls share a small budget instead of failing, and do not cross it', async () => {
  const token = await tollgate.createApp('shared', ['usd=0.06/day']);
  const billedBefore = tollgate.openai.bill.totalNanoUsd();
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      tollgate.post(token, '/chat/completions', {
        ...chat,
        messages: [{ role: 'user', content: `Hi ${index}` }],
      }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  const maxima = answers.map(({ headers }) => Number(headers.get('x-tollgate-max-output-tokens')));
  for (const maximum of maxima) expect(maximum).toBeGreaterThanOrEqual(256);
  const billed = tollgate.openai.bill.totalNanoUsd() - billedBefore;
  expect(billed).toBeLessThanOrEqual(parseUsd('0.06') ?? 0);
  await expectLedgerIsBill(tollgate);
});
