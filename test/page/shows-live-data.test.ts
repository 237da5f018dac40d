import { expect, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { openPage } from './helpers/open-page.ts';

test('shows what is spent while it is spent, under a strict policy', async () => {
  let token = '';
  const { page, tollgate, problems } = await openPage({
    path: '/requests',
    async prepare(opened) {
      token = await opened.createApp('notebook', ['usd=1/day']);
      await opened.post(token, '/chat/completions', CHAT);
    },
  });
  await page.getByRole('heading', { name: 'Requests', level: 1 }).waitFor();
  const rows = page.getByRole('grid').getByRole('row');
  await rows.filter({ hasText: 'notebook' }).first().waitFor();

  await page.getByRole('link', { name: 'Apps' }).click();
  await page.getByRole('heading', { name: 'Apps', level: 1 }).waitFor();
  const before = await page.getByRole('row', { name: /notebook/ }).innerText();
  await tollgate.post(token, '/chat/completions', CHAT);
  await expect
    .poll(() => page.getByRole('row', { name: /notebook/ }).innerText(), { timeout: 8_000 })
    .not.toBe(before);

  expect(new URL(page.url()).hash, 'the secret has left the address bar').toBe('');
  expect(problems, 'nothing was blocked and nothing has failed').toEqual([]);
});
