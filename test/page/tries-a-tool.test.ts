import { expect, test } from 'vitest';
import { openPage } from './helpers/open-page.ts';
import { soon } from './helpers/soon.ts';

test('tries a tool with one request, and says what was in its way', { timeout: 60_000 }, async () => {
  const { page, tollgate, problems } = await openPage({
    path: '/connect?tool=curl',
    async prepare({ createApp }) {
      await createApp('works', ['usd=1/day']);
      await createApp('without-a-cent', ['usd=0.000001/day']);
    },
  });
  await page.getByRole('tab', { name: 'Try it' }).click();
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText('It works').waitFor();
  expect(tollgate.openai.bill.totalNanoUsd()).toBeGreaterThan(0);
  const [request] = (await tollgate.client.requests.list({ limit: 1 })).requests;
  await page.getByRole('link', { name: request?.id ?? 'none' }).waitFor();
  expect(await page.content()).not.toMatch(/tg_[A-Za-z0-9_-]{20}/);

  await page.getByRole('combobox', { name: 'App', exact: true }).click();
  await page.getByRole('option', { name: 'without-a-cent' }).click();
  await page.getByRole('button', { name: 'Try it again' }).click();
  await page.getByText('It did not work').waitFor();
  await page.getByText(/insufficient_quota/).waitFor();

  await page.getByRole('button', { name: 'Cursor' }).click();
  await page.getByText('It cannot be pointed at this machine').waitFor();
  expect(await page.getByRole('tab').count(), 'nothing is offered that cannot work').toBe(0);
  expect(problems).toEqual([]);
});

test('fills the snippets with a token that was just made, and with a placeholder before', {
  timeout: 60_000,
}, async () => {
  const { page, tollgate, problems, goTo } = await openPage({
    path: '/connect?tool=openai-python',
    async prepare({ createApp }) {
      await createApp('notebook', ['usd=1/day']);
    },
  });
  const code = page.getByRole('tabpanel').locator('code');
  await soon(() => code.innerText()).toContain(`OPENAI_BASE_URL=${tollgate.baseUrl}`);
  expect(await code.innerText()).toContain('tg_YOUR_APP_TOKEN');
  await page.getByRole('button', { name: 'Make a token for this' }).click();
  await soon(() => code.innerText()).toMatch(/OPENAI_API_KEY=tg_[\w-]{30,}/);
  const token = /tg_[\w-]{30,}/.exec(await code.innerText())?.[0] ?? '';
  const answer = await tollgate.post(token, '/responses', { model: 'gpt-5.4-mini', input: 'Say hello' });
  expect(answer.status).toBe(200);

  const find = page.getByPlaceholder('Find a tool');
  await find.pressSequentially('chain');
  await find.press('Home');
  await find.pressSequentially('lang');
  expect(await find.inputValue(), 'the cursor stays where it is').toBe('langchain');
  await page.getByText('2 of 25 tools').waitFor();
  expect(new URL(page.url()).searchParams.get('q'), 'the filter is in the address').toBe('langchain');
  expect(page.url(), 'and the token is not').not.toContain('tg_');
  await goTo('/apps');
  await page.getByRole('heading', { name: 'Apps', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'Connect' }).click();
  await page.getByText('2 of 25 tools').waitFor();
  expect(problems).toEqual([]);
});
