import { expect, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { openPage } from './helpers/open-page.ts';

/** A machine may be busy with other tests. */
const SOON = { timeout: 10_000 };

test('holds new rows back while it is paused, says how many, and shows them all when asked', {
  timeout: 60_000,
}, async () => {
  let token = '';
  const { page, tollgate, problems } = await openPage({
    path: '/requests',
    async prepare({ createApp, post }) {
      token = await createApp('notebook', ['usd=1/day']);
      await post(token, '/chat/completions', CHAT);
    },
  });
  const rows = page.getByRole('grid').getByRole('row').filter({ hasText: 'notebook' });
  await expect.poll(() => rows.count(), SOON).toBe(1);

  await page.keyboard.press('p');
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  for (let turn = 0; turn < 3; turn += 1) await tollgate.post(token, '/chat/completions', CHAT);
  const pill = page.getByRole('button', { name: 'Show 3 new requests' });
  await pill.waitFor();
  expect(await pill.innerText()).toBe('3 new');
  expect(await rows.count()).toBe(1);

  await pill.click();
  await expect.poll(() => rows.count(), SOON).toBe(4);
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  await tollgate.post(token, '/chat/completions', CHAT);
  await expect.poll(() => rows.count(), SOON).toBe(5);
  expect(problems).toEqual([]);
});
