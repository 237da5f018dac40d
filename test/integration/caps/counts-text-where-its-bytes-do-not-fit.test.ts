import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate({ config: { queueMs: 0 } });
});
afterAll(() => tollgate.close());

/** About 9,000 bytes and 2,000 tokens. */
const PROSE = 'A budget is a promise: it says how much may be spent, and by whom.\n'.repeat(135);
const chat = (content: string) => ({
  model: 'gpt-5.4-mini',
  max_completion_tokens: 16,
  messages: [{ role: 'user', content }],
});

test('a prompt whose tokens fit is let through although its bytes do not', async () => {
  const token = await tollgate.createApp('fits', ['input_tokens=3000/day']);
  const answer = await tollgate.post(token, '/chat/completions', chat(PROSE));
  expect(answer.status).toBe(200);
  const { usage } = (await answer.json()) as { usage: { prompt_tokens: number } };
  expect(usage.prompt_tokens).toBeGreaterThan(1_500);
  expect(usage.prompt_tokens).toBeLessThanOrEqual(3_000);
});

test('a prompt whose tokens do not fit is refused', async () => {
  const token = await tollgate.createApp('too-much', ['input_tokens=1500/day']);
  const before = tollgate.openai.received.length;
  const answer = await tollgate.post(token, '/chat/completions', chat(PROSE));
  expect(answer.status).toBe(429);
  expect(answer.headers.get('x-tollgate-error')).toBe('quota_exceeded');
  expect(tollgate.openai.received.length).toBe(before);
});

test('a hostile text without a break is bounded by its bytes and blocks nobody', async () => {
  const token = await tollgate.createApp('hostile', ['input_tokens=100k/day']);
  const hostile = tollgate.post(token, '/chat/completions', chat('a'.repeat(400_000)));
  const small = await tollgate.post(token, '/chat/completions', chat('hello'));
  expect(small.status).toBe(200);
  expect((await hostile).status).toBe(429);
});
