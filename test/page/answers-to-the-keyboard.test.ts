import { expect, test } from 'vitest';
import { openPage } from './helpers/open-page.ts';

test('goes everywhere by keyboard, and leaves keys alone while somebody types', async () => {
  const { page, tollgate, problems } = await openPage({
    async prepare({ createApp }) {
      await createApp('notebook', ['usd=1/day']);
    },
  });
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 });
  await heading('Overview').waitFor();

  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await heading('Apps').waitFor();
  await page.getByRole('row', { name: /notebook/ }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/apps\/app_[0-9a-f]{16}$/);

  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });

  await page.keyboard.press('Control+k');
  const search = page.getByPlaceholder(/Go to a screen/);
  await search.waitFor();
  await search.pressSequentially('gnotes');
  expect(await search.inputValue(), 'g and then a letter goes nowhere from a field').toBe('gnotes');
  await search.fill('pause all: until');
  await page.keyboard.press('Enter');
  await page.getByText('Everything is paused until you resume').waitFor();
  expect((await tollgate.client.engine.status()).paused).not.toBeNull();
  await page.getByRole('button', { name: 'Resume all' }).click();
  await page.getByRole('button', { name: 'Pause all' }).waitFor();

  expect(problems).toEqual([]);
});
