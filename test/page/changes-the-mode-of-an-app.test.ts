import { expect, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { openPage } from './helpers/open-page.ts';

test('stops enforcing after it has said what that means, renames, and removes', {
  timeout: 60_000,
}, async () => {
  let token = '';
  let appId = '';
  const { page, tollgate, problems, link } = await openPage({
    async prepare({ client, createApp, post }) {
      token = await createApp('notebook', ['requests=1/day']);
      appId = (await client.apps.get({ app: 'notebook' })).id;
      await (await post(token, '/chat/completions', CHAT)).arrayBuffer();
    },
  });
  const ask = async (): Promise<number> => (await tollgate.post(token, '/chat/completions', CHAT)).status;
  expect(await ask()).toBe(429);
  await page.goto(await link(`/apps/${appId}?tab=settings`));
  await page.getByLabel('Observe').check();
  await page.getByText(/no limit and no rate of this app refuses anything/).waitFor();
  expect(await ask(), 'nothing has changed yet').toBe(429);
  await page.getByRole('button', { name: 'Stop enforcing' }).click();
  await page.getByText(/^Observing: its limits warn/).waitFor();
  expect(await ask()).toBe(200);

  await page.getByLabel('Enforce', { exact: true }).check();
  await page.getByText('Used up already, so requests are refused at once: 1 request a day.').waitFor();
  await page.getByText(/1 call of the last 30 days would have been refused/).waitFor();
  await page.getByRole('button', { name: 'Enforce its limits' }).click();
  await page.getByText('Over its cap').waitFor();
  expect(await ask()).toBe(429);

  await page.getByRole('textbox', { name: 'Name' }).fill('note book');
  await page.getByText(/It begins with a letter or a digit/).waitFor();
  await page.getByRole('textbox', { name: 'Name' }).fill('notes');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('heading', { name: 'notes', level: 1 }).waitFor();
  expect((await tollgate.client.apps.get({ app: appId })).name).toBe('notes');

  await page.getByRole('button', { name: 'Remove app…' }).click();
  await page.getByRole('button', { name: 'Remove notes' }).click();
  await page.getByText('No apps yet').waitFor();
  expect(await ask()).toBe(401);
  await page.goto(await link(`/apps/${appId}`));
  await page.getByText(/There is no app/).waitFor();
  await page.getByRole('link', { name: 'Show all apps' }).click();
  await page.getByText('No apps yet').waitFor();
  expect(
    problems.filter((text) => !text.includes('404')),
    'the app that is gone is not found',
  ).toEqual([]);
});
