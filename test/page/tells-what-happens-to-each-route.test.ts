import { expect, test } from 'vitest';
import { openPage } from './helpers/open-page.ts';

test('counts the routes, filters them, and says who may use one', { timeout: 60_000 }, async () => {
  const { page, tollgate, problems } = await openPage({
    path: '/coverage',
    async prepare({ createApp }) {
      await createApp('nightly', ['usd=1/day'], { allow: ['batches'] });
      await createApp('notebook', ['usd=1/day']);
    },
  });
  const { routes } = await tollgate.client.engine.coverage();
  for (const [how, name] of [
    ['metered', 'Metered'],
    ['free', 'Free'],
    ['unmetered', 'Unmetered'],
    ['refused', 'Refused'],
  ] as const) {
    const count = routes.filter((route) => route.how === how).length;
    await page.getByRole('button', { name: new RegExp(`^${count} ?${name}`) }).waitFor();
  }
  await page.getByRole('button', { name: /Refused/ }).click();
  await page.getByPlaceholder('Find a route or a reason').fill('credential');
  await page.getByText(`5 of ${routes.length} rows`).waitFor();
  await page.getByRole('row', { name: /chatkit/ }).click();
  const drawer = page.getByRole('dialog', { name: 'Route' });
  await drawer.getByText('It hands out a credential that works at OpenAI without any cap').waitFor();
  await page.keyboard.press('Escape');

  await page.getByPlaceholder('Find a route or a reason').fill('');
  await page.getByRole('button', { name: /Refused/ }).click();
  await page.getByRole('combobox', { name: 'Opt-in' }).click();
  await page.getByRole('option', { name: 'batches' }).click();
  await page.getByRole('row', { name: /POST \/v1\/batches Metered/ }).click();
  await drawer.getByRole('link', { name: 'nightly' }).waitFor();
  expect(await drawer.getByRole('link', { name: 'notebook' }).count()).toBe(0);
  await drawer.getByRole('link', { name: 'nightly' }).click();
  await page.waitForURL(/\/apps\/app_[0-9a-f]{16}/);
  expect(problems).toEqual([]);
});
