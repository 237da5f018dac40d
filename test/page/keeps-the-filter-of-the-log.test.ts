import { expect, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { openPage } from './helpers/open-page.ts';

/** A machine may be busy with other tests. */
const SOON = { timeout: 10_000 };

test('keeps the filter of the log in the address: over a reload, a request beside it and a way back', {
  timeout: 60_000,
}, async () => {
  const { page, problems } = await openPage({
    path: '/requests',
    async prepare({ createApp, post }) {
      const notebook = await createApp('notebook', ['usd=1/day']);
      const agent = await createApp('agent', ['requests=1/day']);
      for (const token of [notebook, agent, agent, notebook]) await post(token, '/chat/completions', CHAT);
    },
  });
  const rows = page.getByRole('grid').getByRole('row').filter({ hasNotText: 'When' });
  await expect.poll(() => rows.count(), SOON).toBe(4);

  await page.keyboard.press('/');
  const text = page.getByRole('textbox', { name: 'Search in what is shown…' });
  expect(await page.locator('[data-filter]:focus').count(), 'the slash has focused it').toBe(1);
  await text.fill('agent');
  await expect.poll(() => rows.count(), SOON).toBe(2);
  await page.getByRole('combobox', { name: 'Outcome' }).click();
  await page.getByRole('option', { name: 'Settled', exact: true }).click();
  await expect.poll(() => rows.count(), SOON).toBe(1);
  expect(new URL(page.url()).search).toBe('?text=agent&outcome=settled');

  await page.reload();
  await expect.poll(() => rows.count(), SOON).toBe(1);
  expect(await text.inputValue()).toBe('agent');

  await page.getByRole('heading', { name: 'Requests', level: 1 }).click();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Request' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('complementary', { name: 'Request' }).waitFor({ state: 'detached' });
  expect(new URL(page.url()).search).toBe('?text=agent&outcome=settled');

  await page.getByRole('link', { name: 'Apps' }).click();
  await page.getByRole('heading', { name: 'Apps', level: 1 }).waitFor();
  await page.goBack();
  await expect.poll(() => rows.count(), SOON).toBe(1);
  await page.getByRole('link', { name: 'Apps' }).click();
  await page.getByRole('heading', { name: 'Apps', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'Requests' }).click();
  await expect.poll(() => new URL(page.url()).search, SOON).toBe('?text=agent&outcome=settled');

  await text.fill('nobody');
  await page.getByText('No request matches').waitFor();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect.poll(() => rows.count(), SOON).toBe(4);
  expect(new URL(page.url()).search).toBe('');
  expect(problems).toEqual([]);
});

test('saves a filter as a view, and remembers columns, in this browser', { timeout: 60_000 }, async () => {
  const { page, problems } = await openPage({
    path: '/requests?outcome=settled&model=gpt-5.4-mini',
    async prepare({ createApp, post }) {
      const token = await createApp('notebook', ['usd=1/day']);
      await post(token, '/chat/completions', CHAT);
      await post(token, '/chat/completions', { ...CHAT, model: 'gpt-5.4' });
    },
  });
  const rows = page.getByRole('grid').getByRole('row').filter({ hasNotText: 'When' });
  await expect.poll(() => rows.count(), SOON).toBe(1);
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('textbox', { name: 'Name of this view' }).fill('Small ones');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Status' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('columnheader', { name: 'Status' }).waitFor();

  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await expect.poll(() => rows.count(), SOON).toBe(2);
  await page.reload();
  await page.getByRole('columnheader', { name: 'Status' }).waitFor();
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('button', { name: 'Small ones', exact: true }).click();
  await expect.poll(() => rows.count(), SOON).toBe(1);
  expect(new URL(page.url()).search).toBe('?model=gpt-5.4-mini&outcome=settled');
  expect(problems).toEqual([]);
});
