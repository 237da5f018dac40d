import { expect, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { CANARY_KEY } from '../helpers/open-tollgate.ts';
import { openPage } from './helpers/open-page.ts';

test('leads from no key to the first request', { timeout: 60_000 }, async () => {
  const { page, tollgate, problems } = await openPage({
    async prepare({ client }) {
      await client.keys.remove();
    },
  });
  // Somebody new is led here from the overview.
  await page.waitForURL(/\/welcome/);
  const key = page.getByLabel('OpenAI key');
  const check = page.getByRole('button', { name: 'Check the key' });
  expect(await key.getAttribute('type')).toBe('password');
  expect(await key.getAttribute('autocomplete')).toBe('off');

  await key.fill(`sk-admin-${'a'.repeat(40)}`);
  await check.click();
  await page.getByText('This is an OpenAI admin key.').waitFor();
  await key.fill(`sk-proj-${'a'.repeat(40)}`);
  await check.click();
  await page.getByText('OpenAI refuses this key (401').waitFor();
  await page.getByRole('button', { name: 'Use another key' }).click();
  await key.fill(` "${CANARY_KEY}" `);
  await check.click();
  await page.getByText('OpenAI accepts this key: it is a project key.').waitFor();
  expect((await tollgate.client.keys.status()).state, 'a check stores nothing').toBe('missing');
  await page.getByRole('button', { name: 'Store it in memory' }).click();

  await page.getByRole('heading', { name: 'How much may everything cost a month?' }).waitFor();
  expect((await tollgate.client.keys.status()).state).toBe('ready');
  const remains = await page.evaluate<string>(
    'document.documentElement.outerHTML + JSON.stringify({ ...sessionStorage, ...localStorage })',
  );
  expect(remains, 'K01 the page keeps nothing of the key').not.toContain(CANARY_KEY.slice(8));
  await page.getByText('$5', { exact: true }).click();
  await page.getByRole('button', { name: 'Set the cap' }).click();

  await page.getByLabel('Name').fill('my-script');
  await page.getByRole('button', { name: 'Make the app' }).click();
  await page.getByText('Waiting for the first request…').waitFor();
  const code = await page.locator('.tg-snippets code').first().innerText();
  const token = /tg_[A-Za-z0-9_-]{20,}/.exec(code)?.[0] ?? '';
  await tollgate.post(token, '/chat/completions', CHAT);
  await page.getByText(/It works: a request for gpt-5.4-mini cost \$0\.\d+/).waitFor();

  await page.getByRole('button', { name: 'Go to the overview' }).click();
  await page.getByRole('region', { name: 'Limits' }).getByText('$5.00 a month').waitFor();
  expect((await tollgate.client.settings.get()).dashboard.onboardedAt).not.toBeNull();
  expect(problems.filter((problem) => !/status of 4\d\d/.test(problem))).toEqual([]);
});

test('goes on where it was left, and lets everybody go', async () => {
  const { page, goTo, tollgate } = await openPage({
    path: '/welcome',
    async prepare({ client }) {
      await client.limits.set({
        limits: [{ metric: 'usd', amount: 20_000_000_000, window: 'month', enforce: 'hard' }],
      });
    },
  });
  // A key and a cap are there: what is left is the first app.
  await page.getByRole('heading', { name: 'Make the first app' }).waitFor();
  await page.getByRole('button', { name: /Monthly cap/ }).click();
  await page.getByText('The cap is $20.00 a month.').waitFor();
  await tollgate.createApp('made-elsewhere', []);
  await goTo('/welcome');
  await page.getByRole('heading', { name: 'Point a program at Tollgate as “made-elsewhere”' }).waitFor();
  await page.getByRole('button', { name: 'Make a token' }).click();
  await expect
    .poll(() => page.locator('.tg-snippets code').first().innerText())
    .toMatch(/tg_[A-Za-z0-9_-]{30,}/);

  await page.getByRole('button', { name: 'Leave, and do this later' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
});
