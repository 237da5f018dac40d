import { expect, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { openPage } from './helpers/open-page.ts';

test('raises a used up limit until midnight, which lets requests through, and takes it back', {
  timeout: 60_000,
}, async () => {
  let token = '';
  let appId = '';
  const { page, tollgate, problems, link } = await openPage({
    async prepare({ client, createApp }) {
      token = await createApp('notebook', ['usd=0.000001/day']);
      appId = (await client.apps.get({ app: 'notebook' })).id;
    },
  });
  const ask = async (): Promise<number> => (await tollgate.post(token, '/chat/completions', CHAT)).status;
  expect(await ask()).toBe(429);
  await page.goto(await link(`/apps/${appId}`));
  const name = '$0.000001 a day';
  await page.getByRole('button', { name: `Raise ${name} for a while` }).click();
  await page.getByRole('button', { name: '+$2 until midnight' }).click();
  await page.getByText(/^Raised by \$2\.00 until/).waitFor();
  const [limit] = (await tollgate.client.apps.get({ app: 'notebook' })).limits;
  expect(limit?.raise?.amount).toBe(2_000_000_000);
  expect(Date.parse(limit?.raise?.until ?? '')).toBe(Date.parse(limit?.resetsAt ?? ''));
  expect(await ask()).toBe(200);

  await page.getByRole('button', { name: `Raise ${name} for a while` }).click();
  const dialog = page.getByRole('dialog', { name: `Raise ${name}` });
  await dialog.getByText(/This takes the place of the raise by \$2\.00/).waitFor();
  await dialog.getByRole('button', { name: 'Raise', exact: true }).click();
  await dialog.getByText(/Dollars with at most nine decimals/).waitFor();
  await dialog.getByLabel('By how much more').fill('0.75');
  await dialog.getByLabel('Until when').selectOption('1h');
  await dialog.getByText(/until an hour from now, and then what it was/).waitFor();
  await dialog.getByRole('button', { name: 'Raise', exact: true }).click();
  await page.getByText(/^Raised by \$0\.75 until/).waitFor();

  await page.getByRole('link', { name: 'Apps', exact: true }).click();
  await page.getByText('of $0.75 a day').waitFor();
  await page.getByRole('link', { name: 'notebook' }).click();
  await page.getByRole('button', { name: 'Take back' }).click();
  await page.getByText(/^Raised by/).waitFor({ state: 'hidden' });
  expect(await ask()).toBe(429);
  await page.getByText('Over its cap').waitFor();
  expect(problems).toEqual([]);
});
