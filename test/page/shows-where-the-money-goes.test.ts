import { expect, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { openPage } from './helpers/open-page.ts';

test('shows spending against its limits, and stops an app with one click', async () => {
  let token = '';
  const { page, tollgate, problems } = await openPage({
    async prepare(opened) {
      token = await opened.createApp('notebook', ['usd=1/day']);
      await opened.client.limits.set({
        limits: [{ metric: 'usd', amount: 20_000_000_000, window: 'month', enforce: 'hard' }],
      });
      await opened.post(token, '/chat/completions', CHAT);
    },
  });
  const limits = page.getByRole('region', { name: 'Limits' });
  await limits.getByText('notebook').waitFor();
  const bar = limits.getByRole('img', { name: /spent, .* held, .* free of \$1\.00/ });
  const before = (await bar.getAttribute('aria-label')) ?? '';
  await tollgate.post(token, '/chat/completions', CHAT);
  await expect.poll(() => bar.getAttribute('aria-label'), { timeout: 8_000 }).not.toBe(before);
  const { settled } = (await tollgate.client.apps.list()).apps[0]!.limits[0]!;
  expect(settled).toBeGreaterThan(0);

  await limits.getByRole('button', { name: 'Pause notebook' }).click();
  await limits.getByRole('button', { name: 'Resume notebook' }).waitFor();
  expect((await tollgate.post(token, '/chat/completions', CHAT)).status).toBe(403);
  await limits.getByRole('button', { name: 'Resume notebook' }).click();
  await limits.getByRole('button', { name: 'Pause notebook' }).waitFor();
  expect((await tollgate.post(token, '/chat/completions', CHAT)).status).toBe(200);
  expect(problems).toEqual([]);
});

test('keeps the time of the chart in the address, and has its numbers as a table', async () => {
  const { page, problems } = await openPage({
    async prepare({ createApp, post }) {
      await post(await createApp('notebook', ['usd=1/day']), '/chat/completions', CHAT);
    },
  });
  const chart = page.getByRole('region', { name: 'Spend by app' });
  await chart.locator('.recharts-surface').first().waitFor();
  await chart.getByText('30 days').click();
  await page.waitForURL(/range=30d/);
  await chart.getByText('Table', { exact: true }).click();
  const table = chart.getByRole('table');
  await expect.poll(() => table.getByRole('row').count()).toBeGreaterThanOrEqual(30);
  expect(await table.getByRole('columnheader', { name: 'notebook' }).count()).toBe(1);

  await page.getByRole('link', { name: 'Apps', exact: true }).click();
  await page.getByRole('heading', { name: 'Apps', level: 1 }).waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Overview' }).click();
  await page.waitForURL(/range=30d/);
  expect(problems).toEqual([]);
});
