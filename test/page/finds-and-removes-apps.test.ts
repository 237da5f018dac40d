import { expect, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { openPage } from './helpers/open-page.ts';

test('filters and sorts apps in the address, and removes one after it was asked', {
  timeout: 60_000,
}, async () => {
  let token = '';
  const { page, tollgate, problems } = await openPage({
    path: '/apps',
    async prepare({ client, createApp, post }) {
      token = await createApp('notebook', ['usd=1/day']);
      await createApp('agent', ['requests=1/day']);
      await createApp('zoo', []);
      await client.apps.change({ app: 'zoo', mode: 'observe' });
      await (await post(token, '/chat/completions', CHAT)).arrayBuffer();
    },
  });
  const names = async (): Promise<string[]> =>
    (await page.getByRole('grid', { name: 'Apps' }).getByRole('link').allInnerTexts()).map((name) =>
      name.trim(),
    );
  await page.getByRole('row', { name: /notebook/ }).waitFor();

  await page.getByRole('button', { name: 'Name', exact: true }).click();
  await expect.poll(names).toEqual(['zoo', 'notebook', 'agent']);
  await expect.poll(() => page.url()).toMatch(/sort=-name/);

  await page.keyboard.press('/');
  await page.keyboard.type('o');
  await expect.poll(names).toEqual(['zoo', 'notebook']);
  await page.getByText('Observing', { exact: true }).first().click();
  await expect.poll(names).toEqual(['zoo']);
  expect(page.url()).toMatch(/[?&]q=o/);
  await page.reload();
  await page.getByRole('row', { name: /zoo/ }).waitFor();
  expect(await names(), 'the filter has survived').toEqual(['zoo']);
  await page.getByText('Paused', { exact: true }).click();
  await page.getByRole('button', { name: 'Show all apps' }).click();
  await expect.poll(names, { message: 'sorted as before' }).toEqual(['zoo', 'notebook', 'agent']);

  await page.getByRole('button', { name: 'More for notebook' }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove notebook?' });
  await dialog.getByText('Its limits go: $1.00 a day').waitFor();
  await dialog.getByText(/1 app token stops working/).waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect((await tollgate.client.apps.list()).apps).toHaveLength(3);

  await page.getByRole('button', { name: 'More for notebook' }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  await dialog.getByRole('button', { name: 'Remove notebook' }).click();
  await expect.poll(names).toEqual(['zoo', 'agent']);
  expect((await tollgate.post(token, '/chat/completions', CHAT)).status).toBe(401);
  expect(problems).toEqual([]);
});
