import { expect, test } from 'vitest';
import { formatUsd } from '../../proxy/contract/money.ts';
import { openPage } from './helpers/open-page.ts';

test('shows a streamed request while it runs, with its hold, and settles it to the exact cost', {
  timeout: 90_000,
}, async () => {
  let token = '';
  const { page, tollgate, problems } = await openPage({
    path: '/requests',
    openai: { tokensPerSecond: 6, outputTokens: { min: 90, max: 90 } },
    async prepare({ createApp }) {
      token = await createApp('notebook', ['usd=1/day']);
    },
  });
  await page.getByText('No requests yet').waitFor();

  const answer = await tollgate.post(token, '/chat/completions', {
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'Tell me something' }],
    stream: true,
    max_tokens: 90,
  });
  const row = page.getByRole('row', { name: /notebook/ });
  await row.getByText('Running').waitFor();
  await row.getByText('now', { exact: true }).waitFor();
  const [open] = (await tollgate.client.requests.list({ outcome: 'open' })).requests;
  await row.getByText(`≤ ${formatUsd(open?.holdNanoUsd ?? null)}`).waitFor();
  await row.click();
  const panel = page.getByRole('complementary', { name: 'Request' });
  await panel.getByText('OpenAI is answering.').waitFor();

  await answer.text();
  await row.getByText('Settled').waitFor();
  const [settled] = (await tollgate.client.requests.list({ outcome: 'settled' })).requests;
  expect(settled?.id).toBe(open?.id);
  const cost = formatUsd(settled?.costNanoUsd ?? null);
  expect(settled?.costNanoUsd).toBe(tollgate.openai.bill.totalNanoUsd());
  await row.getByText(cost, { exact: true }).waitFor();
  await panel.getByText('Settled at the reported usage').waitFor();
  await panel.getByRole('img', { name: `${cost} of the ${formatUsd(open?.holdNanoUsd ?? null)}` }).waitFor();
  expect(await page.getByRole('grid').getByRole('row').count(), 'the head and one row').toBe(2);
  expect(problems).toEqual([]);
});
