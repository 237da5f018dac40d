import { expect, test } from 'vitest';
import { openPage } from './helpers/open-page.ts';

test('tells a change before it makes it, and notes what the user has done', { timeout: 60_000 }, async () => {
  const { page, tollgate, problems } = await openPage({
    path: '/security',
    async prepare({ createApp }) {
      await createApp('no-cap');
    },
  });
  const row = (title: string) => page.getByRole('listitem').filter({ hasText: title });
  const open = row('no-cap has no limit of dollars');
  await open.getByRole('button', { name: 'Set $5.00 a day' }).click();
  await page.getByText('The app gets a hard limit of $5 a day.').waitFor();
  expect((await tollgate.client.apps.get({ app: 'no-cap' })).limits, 'not before').toEqual([]);
  await page.getByRole('button', { name: 'Change it' }).click();
  await open.waitFor({ state: 'hidden' });
  const { limits } = await tollgate.client.apps.get({ app: 'no-cap' });
  expect(limits).toMatchObject([{ metric: 'usd', amount: 5_000_000_000, window: 'day', enforce: 'hard' }]);

  await row('Nothing caps everything together').getByRole('button', { name: 'Set a cap' }).click();
  await page.getByLabel('US dollars a month').fill('40');
  await page.getByRole('button', { name: 'Set it' }).click();
  await row('Nothing caps everything together').waitFor({ state: 'hidden' });
  expect((await tollgate.client.limits.list()).limits).toMatchObject([
    { metric: 'usd', amount: 40_000_000_000, window: 'month', enforce: 'hard' },
  ]);

  const confirm = row('The project at OpenAI has a limit of its own');
  await confirm.getByRole('button', { name: 'I did it' }).click();
  await page.getByText('1 by your word').waitFor();
  await page.getByRole('button', { name: /^Show \d+$/ }).click();
  await confirm.getByRole('button', { name: 'Not any more' }).waitFor();
  const { findings } = await tollgate.client.checklist.list();
  expect(findings.find(({ id }) => id === 'openai-limit')?.state).toBe('confirmed');
  expect(problems).toEqual([]);
});
