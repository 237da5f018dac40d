import type { Page } from '@playwright/test';
import { expect, test } from 'vitest';
import { openPage } from './helpers/open-page.ts';

const FAILURE = JSON.stringify({
  json: {
    defined: true,
    code: 'ledger_unavailable',
    status: 503,
    message: 'Tollgate cannot write its ledger, so it lets nothing through that may cost money.',
    data: { hint: 'Free disk space or mend the data folder.', details: {} },
  },
});

/** Makes a call fail until it is undone. */
async function failing(page: Page, call: string): Promise<() => Promise<void>> {
  const url = `**/rpc/${call}`;
  await page.route(url, (route) =>
    route.fulfill({ status: 503, contentType: 'application/json', body: FAILURE }),
  );
  return () => page.unroute(url);
}

test('says why something was not saved, and loses nothing that was typed', { timeout: 60_000 }, async () => {
  let appId = '';
  const { page, tollgate, link } = await openPage({
    async prepare({ client, createApp }) {
      await createApp('notebook', ['usd=1/day']);
      appId = (await client.apps.get({ app: 'notebook' })).id;
    },
  });
  const said = page.getByRole('alert').filter({ hasText: 'cannot write its ledger' });

  await page.goto(await link('/apps?new=1'));
  const dialog = page.getByRole('dialog', { name: 'New app' });
  await dialog.getByLabel('Name').fill('release-notes');
  await dialog.getByLabel('Amount').fill('3.25');
  let mend = await failing(page, 'apps/create');
  await dialog.getByRole('button', { name: 'Create app' }).click();
  await said.waitFor();
  expect(await dialog.getByLabel('Name').inputValue()).toBe('release-notes');
  expect(await dialog.getByLabel('Amount').inputValue()).toBe('3.25');
  await mend();
  await dialog.getByRole('button', { name: 'Create app' }).click();
  await page.getByRole('button', { name: 'I have stored it' }).click();

  mend = await failing(page, 'apps/change');
  await page.goto(await link(`/apps/${appId}`));
  await page.getByRole('button', { name: 'Change $1.00 a day' }).click();
  await page.getByLabel('Amount').fill('7');
  await page.getByRole('button', { name: 'Save' }).click();
  await said.waitFor();
  expect(await page.getByLabel('Amount').inputValue()).toBe('7');
  await mend();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('$7.00 a day').waitFor();

  mend = await failing(page, 'apps/change');
  await page.getByRole('tab', { name: 'Policy' }).click();
  await page.getByLabel('Requests a minute').fill('12');
  await page.getByRole('combobox', { name: 'Allowed models' }).fill('gpt-5*');
  await page.getByRole('combobox', { name: 'Allowed models' }).press('Enter');
  await page.getByLabel('Files').check();
  await page.getByRole('button', { name: 'Add a limit for each user' }).click();
  await page.getByRole('button', { name: 'Save policy' }).click();
  await page.getByText('Type an amount.').waitFor();
  await page.getByLabel('Amount').fill('0.10');
  await page.getByRole('button', { name: 'Save policy' }).click();
  await said.waitFor();
  // Somebody else changes the app meanwhile: what is typed here stays.
  await tollgate.client.apps.pause({ app: 'notebook' });
  await page.getByText(/^Paused since/).waitFor();
  expect(await page.getByLabel('Requests a minute').inputValue()).toBe('12');
  await mend();
  await page.getByRole('button', { name: 'Save policy' }).click();
  await page.getByText('The policy holds from the next request on.').waitFor();
  expect((await tollgate.client.apps.get({ app: 'notebook' })).policy).toMatchObject({
    rpm: 12,
    models: ['gpt-5*'],
    allow: ['files'],
    perUser: [{ metric: 'usd', amount: 100_000_000, window: 'day' }],
  });

  mend = await failing(page, 'apps/pause');
  await tollgate.client.apps.resume({ app: 'notebook' });
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await said.waitFor();
  expect((await tollgate.client.apps.get({ app: 'notebook' })).mode).toBe('enforce');
  await mend();
});
