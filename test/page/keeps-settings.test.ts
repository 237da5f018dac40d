import type { Page } from '@playwright/test';
import { expect, test } from 'vitest';
import { openPage } from './helpers/open-page.ts';
import { soon } from './helpers/soon.ts';

test('keeps the theme and the times, in this tab and in the next', { timeout: 60_000 }, async () => {
  const { page, tollgate, problems, link } = await openPage({ path: '/settings?tab=dashboard' });
  const schemeOf = (of: Page) => of.evaluate<string>('document.documentElement.dataset.mantineColorScheme');
  const scheme = () => schemeOf(page);
  expect(await scheme()).toBe('light');
  await page.getByText('Dark', { exact: true }).click();
  await soon(scheme).toBe('dark');
  await soon(async () => (await tollgate.client.settings.get()).dashboard.theme).toBe('dark');
  await page.getByText('UTC', { exact: true }).click();
  await soon(async () => (await tollgate.client.settings.get()).dashboard.time).toBe('utc');

  await page.reload();
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  expect(await scheme()).toBe('dark');
  const other = await page.context().newPage();
  await other.goto(await link('/settings?tab=dashboard'));
  await other.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  expect(await schemeOf(other)).toBe('dark');
  expect(await other.getByRole('radio', { name: 'UTC' }).isChecked()).toBe(true);
  await tollgate.client.settings.set({ dashboard: { theme: 'light' } });
  await soon(scheme).toBe('light');
  expect(problems).toEqual([]);
});

test('saves how the engine starts, and says that it takes a restart', { timeout: 60_000 }, async () => {
  const { page, tollgate, problems } = await openPage({ path: '/settings' });
  const port = page.getByLabel('Port of the proxy');
  const save = page.getByRole('button', { name: 'Save' });
  await port.fill('70000');
  await page.getByText('A whole number from 0 to 65,535.').waitFor();
  expect(await save.isDisabled()).toBe(true);
  await port.fill('4811');
  await page.getByLabel('Port of the dashboard').fill('4811');
  await page.getByText('Both cannot have the same port.').waitFor();
  await page.getByLabel('Port of the dashboard').fill('');
  await page.getByLabel('Longest wait for budget').fill('2.5');
  await save.click();
  await page.getByText('A restart is needed').waitFor();
  expect((await tollgate.client.settings.get()).engine).toEqual({
    port: 4811,
    dashboardPort: null,
    zone: null,
    queueMs: 2_500,
  });
  expect(await page.getByRole('tab', { name: 'Desktop' }).count(), 'a browser is no desktop').toBe(0);
  expect(problems).toEqual([]);
});

test('sets a price of its own for one million tokens, and goes back to that of the book', {
  timeout: 60_000,
}, async () => {
  const { page, tollgate, problems } = await openPage({ path: '/settings?tab=prices&q=gpt-5.4-mini' });
  await page
    .getByRole('row', { name: /gpt-5\.4-mini/ })
    .first()
    .click();
  const drawer = page.getByRole('dialog', { name: 'gpt-5.4-mini' });
  await drawer.getByLabel('Output', { exact: true }).fill('a lot');
  await drawer.getByText('Dollars, such as 2.50').waitFor();
  await drawer.getByLabel('Output', { exact: true }).fill('12.345678901');
  await drawer.getByRole('button', { name: 'Save the price' }).click();
  await page.getByRole('row', { name: /gpt-5\.4-mini Yours.*\$12\.35/ }).waitFor();
  const { own, prices } = await tollgate.client.prices.list({ model: 'gpt-5.4-mini' });
  expect(own).toEqual(['gpt-5.4-mini']);
  expect(prices[0]?.rates.output).toBe(12_345_678_901);

  await page
    .getByRole('row', { name: /gpt-5\.4-mini/ })
    .first()
    .click();
  await drawer.getByRole('button', { name: "Go back to the book's" }).click();
  await page.getByRole('button', { name: 'Go back', exact: true }).click();
  await page.getByRole('row', { name: /Yours/ }).waitFor({ state: 'hidden' });
  expect((await tollgate.client.prices.list({})).own).toEqual([]);
  expect(problems).toEqual([]);
});
