import { expect, test } from 'vitest';
import { openPage } from './helpers/open-page.ts';
import { soon } from './helpers/soon.ts';

test('ends the session of another browser, whose page says so at once', { timeout: 60_000 }, async () => {
  const { page, tollgate, problems, link } = await openPage({ path: '/settings?tab=sessions' });
  const other = await page.context().newPage();
  await other.goto(await link('/apps'));
  await other.getByRole('heading', { name: 'Apps', level: 1 }).waitFor();

  const rows = page.getByRole('listitem').filter({ hasText: 'Last seen' });
  await soon(() => rows.count()).toBe(2);
  await rows.first().getByText('This one').waitFor();
  await rows.last().getByText('Chrome on Linux').waitFor();
  await rows.last().getByRole('button', { name: 'End' }).click();
  await page.getByText('Its page says at once that the session has ended.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click();

  await other.getByRole('heading', { name: 'This session has ended' }).waitFor();
  await soon(() => rows.count()).toBe(1);
  expect((await tollgate.client.sessions.list()).sessions).toHaveLength(1);
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  expect(problems).toEqual([]);
});
