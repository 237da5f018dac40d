import { expect, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { openPage } from './helpers/open-page.ts';

/** A machine may be busy with other tests. */
const SOON = { timeout: 10_000 };

test('shows a refusal and its alert without a reload, and the rule that refused', {
  timeout: 60_000,
}, async () => {
  let token = '';
  const { page, tollgate, problems } = await openPage({
    path: '/requests',
    async prepare({ createApp, post }) {
      token = await createApp('notebook', ['requests=1/day']);
      await post(token, '/chat/completions', CHAT);
    },
  });
  await page.getByRole('row', { name: /notebook.*Settled/ }).waitFor();

  const refused = await tollgate.post(token, '/chat/completions', CHAT);
  expect(refused.status).toBe(429);
  const row = page.getByRole('row', { name: /Refused here/ });
  await row.waitFor();
  await page.getByRole('link', { name: /open alert/ }).waitFor();
  await row.click();
  const panel = page.getByRole('complementary', { name: 'Request' });
  await panel.getByText('Tollgate refused this request').waitFor();
  await panel.getByText('1 request a day for this app').waitFor();
  const link = panel.getByRole('link', { name: 'Open the limit' });
  const [app] = (await tollgate.client.apps.list()).apps;
  expect(await link.getAttribute('href')).toBe(`/apps/${app?.id}`);

  await page.getByRole('link', { name: 'Alerts', exact: true }).click();
  await page.getByRole('heading', { name: /notebook has used up 1 requests? a day/ }).waitFor();
  expect(problems).toEqual([]);
});

test('tells an error of OpenAI from a refusal of Tollgate', { timeout: 60_000 }, async () => {
  const { page, problems } = await openPage({
    path: '/requests',
    async prepare({ createApp, post, openai }) {
      const token = await createApp('notebook', ['requests=2/day']);
      openai.faults.add({ fault: { kind: 'server-error' } });
      await post(token, '/chat/completions', CHAT);
      await post(token, '/chat/completions', { ...CHAT, model: 'gpt-5.4' });
      await post(token, '/chat/completions', CHAT);
    },
  });
  const kinds = page.locator('.tg-outcome');
  await expect.poll(() => kinds.allInnerTexts(), SOON).toEqual(['Refused here', 'Settled', 'OpenAI 500']);
  const looks = await page.evaluate<string[]>(
    "[...document.querySelectorAll('.tg-outcome')].map((badge) => getComputedStyle(badge).backgroundColor)",
  );
  expect(new Set(looks).size, 'each has a look of its own').toBe(3);
  expect(problems).toEqual([]);
});
