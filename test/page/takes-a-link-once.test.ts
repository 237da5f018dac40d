import { expect, test } from 'vitest';
import { openPage } from './helpers/open-page.ts';

test('opens by a link that works once, in the tab that has used it', async () => {
  const { page, link, tollgate, origin } = await openPage();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();

  const stranger = await page.context().newPage();
  await stranger.goto(origin);
  await stranger.getByRole('heading', { name: 'This tab has no session' }).waitFor();
  await stranger.getByText('npx tollgate open').waitFor();

  const url = await link('/apps');
  await page.goto(url);
  await page.getByRole('heading', { level: 1, name: 'Apps' }).waitFor();
  const late = await page.context().newPage();
  await late.goto(url);
  await late.getByRole('heading', { name: 'This link was used already' }).waitFor();
  expect(new URL(late.url()).hash, 'not even a dead secret stays in the address').toBe('');

  const { sessions } = await tollgate.client.sessions.list();
  for (const { id } of sessions) await tollgate.client.sessions.revoke({ id });
  await page.getByRole('heading', { name: 'This session has ended' }).waitFor();
});
