import { expect, test } from 'vitest';
import { openPage } from './helpers/open-page.ts';

test('makes an app, shows its token once, and sees its first request', { timeout: 60_000 }, async () => {
  const { page, tollgate, problems } = await openPage({ path: '/apps' });
  await page.getByRole('button', { name: 'Make the first app' }).click();
  const dialog = page.getByRole('dialog', { name: 'New app' });
  await dialog.getByLabel('Name').fill('release notes');
  await dialog.getByRole('button', { name: 'Create app' }).click();
  await dialog.getByText(/It begins with a letter or a digit/).waitFor();
  await dialog.getByLabel('Name').fill('release-notes');
  await dialog.getByLabel('Amount').fill('2.50');
  await dialog.getByRole('button', { name: '$20 a month' }).click();
  await dialog.getByText('More rules').click();
  await dialog.getByLabel('Requests a minute').fill('60');
  await dialog.getByRole('button', { name: 'Create app' }).click();

  const ready = page.getByRole('dialog', { name: 'release-notes is ready' });
  const token = (await ready.getByTestId('app-token').innerText()).trim();
  expect(token).toMatch(/^tg_[\w-]{40,}$/);
  await page.keyboard.press('Escape');
  expect(await ready.isVisible(), 'it does not go by accident').toBe(true);
  await ready.getByRole('tab', { name: 'OpenAI Node' }).click();
  const snippet = await ready.locator('pre').innerText();
  expect(snippet).toContain(`baseURL: '${tollgate.baseUrl}', apiKey: '${token}'`);
  await ready.getByText('Waiting for the first request…').waitFor();

  const answer = await tollgate.sdk(token).responses.create({ model: 'gpt-5.4-mini', input: 'Say hello' });
  expect(answer.output_text).not.toBe('');
  await ready.getByText(/^1 request arrived, /).waitFor();
  await ready.getByRole('button', { name: 'I have stored it' }).click();

  await page.getByRole('heading', { name: 'release-notes', level: 1 }).waitFor();
  await page.getByRole('row', { name: /responses/ }).waitFor();
  expect(await page.content(), 'the token is nowhere any more').not.toContain(token);
  await tollgate.sdk(token).responses.create({ model: 'gpt-5.4-mini', input: 'Say hello again' });
  await page.getByText(/and 2 requests today/).waitFor();

  const app = await tollgate.client.apps.get({ app: 'release-notes' });
  expect(app.policy.rpm).toBe(60);
  expect(app.limits.map(({ metric, amount, window, enforce }) => [metric, amount, window, enforce])).toEqual([
    ['usd', 2_500_000_000, 'day', 'hard'],
    ['usd', 20_000_000_000, 'month', 'hard'],
  ]);
  expect(problems).toEqual([]);
});
