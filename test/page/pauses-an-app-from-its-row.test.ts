import { expect, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { openPage } from './helpers/open-page.ts';

test('pauses and resumes an app from its row, by pointer, by key and from the palette', {
  timeout: 60_000,
}, async () => {
  let token = '';
  const { page, tollgate, problems } = await openPage({
    path: '/apps',
    async prepare({ createApp }) {
      token = await createApp('notebook', ['usd=1/day']);
      await createApp('agent', ['usd=1/day']);
    },
  });
  const ask = async (): Promise<number> => (await tollgate.post(token, '/chat/completions', CHAT)).status;
  const row = page.getByRole('row', { name: /notebook/ });
  await row.getByText('Enforcing').waitFor();
  expect(await ask()).toBe(200);

  await row.getByRole('button', { name: 'Pause notebook' }).click();
  await row.getByText('Paused').waitFor();
  expect(await ask()).toBe(403);
  expect(page.url(), 'a press on the switch does not open the row').toMatch(/\/apps$/);

  await row.getByRole('button', { name: 'Resume notebook' }).click();
  await row.getByText('Enforcing').waitFor();
  expect(await ask()).toBe(200);

  await page.keyboard.press('j');
  await page.keyboard.press('p');
  await row.getByText('Paused').waitFor();
  expect(await ask()).toBe(403);

  await page.keyboard.press('Control+k');
  await page.getByPlaceholder(/Go to a screen/).fill('resume notebook');
  await page.keyboard.press('Enter');
  await row.getByText('Enforcing').waitFor();
  expect(await ask()).toBe(200);
  expect(problems).toEqual([]);
});
