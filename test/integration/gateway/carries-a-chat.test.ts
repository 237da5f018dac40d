import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate();
});
afterAll(() => tollgate.close());

test('a chat goes through and costs what OpenAI bills', async () => {
  const token = await tollgate.createApp('notebook', ['usd=1/day']);
  const answer = await tollgate.sdk(token).chat.completions.create({
    model: 'gpt-5.4-mini',
    messages: [{ role: 'user', content: 'Say hello' }],
  });
  expect(answer.choices[0]?.message.content).not.toBe('');
  const { total } = await tollgate.client.usage.report({ by: 'app' });
  expect(total.requests).toBe(1);
  expect(total.costNanoUsd).toBe(tollgate.openai.bill.totalNanoUsd());
  expect(total.costNanoUsd).toBeGreaterThan(0);
});
