import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import type { Tollgate } from '../helpers/open-tollgate.ts';
import { openPage } from './helpers/open-page.ts';

/** Two alerts: a used up limit of notebook, and a model without a price. */
async function makeAlerts({ createApp, post }: Tollgate): Promise<void> {
  const token = await createApp('notebook', ['requests=1/day', 'usd=1/day']);
  await post(token, '/chat/completions', CHAT);
  await post(token, '/chat/completions', { ...CHAT, model: 'unheard-of' });
  await post(token, '/chat/completions', CHAT);
}

/** A machine may be busy with other tests. */
const SOON = { timeout: 10_000 };

test('acknowledges one alert or all, snoozes one and wakes it again', { timeout: 60_000 }, async () => {
  const { page, tollgate, problems } = await openPage({ path: '/alerts', prepare: makeAlerts });
  const items = page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 2 }) });
  await expect.poll(() => items.count(), SOON).toBe(2);
  const used = items.filter({ hasText: 'has used up' });

  await used.getByRole('button', { name: 'Snooze' }).click();
  await page.getByRole('menuitem', { name: 'For 4 hours' }).click();
  await used.getByRole('button', { name: 'Wake' }).waitFor();
  const snoozed = (await tollgate.client.alerts.list({})).alerts.find(({ kind }) => kind === 'threshold');
  const hours = (Date.parse(snoozed?.snoozedUntil ?? '') - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(3.9);
  expect(hours).toBeLessThanOrEqual(4);
  await used.getByRole('button', { name: 'Wake' }).click();
  await used.getByRole('button', { name: 'Snooze' }).click();
  await page.getByRole('menuitem', { name: 'Until the limit resets' }).click();
  await used.getByRole('button', { name: 'Wake' }).waitFor();

  await used.getByRole('button', { name: 'Acknowledge' }).click();
  await expect.poll(() => items.count(), SOON).toBe(1);
  await page.getByRole('link', { name: '1 open alert' }).waitFor();
  await page.getByRole('button', { name: 'Acknowledge all' }).click();
  await page.getByText('Nothing is open').waitFor();
  await page.getByRole('link', { name: 'No open alerts' }).waitFor();

  await page.getByRole('button', { name: 'Show the history' }).click();
  await expect.poll(() => items.count(), SOON).toBe(2);
  await page.getByRole('combobox', { name: 'Kind' }).click();
  await page.getByRole('option', { name: 'Model without a price' }).click();
  await expect.poll(() => items.count(), SOON).toBe(1);
  await page.reload();
  await expect.poll(() => items.count(), SOON).toBe(1);
  expect(problems).toEqual([]);
});

test('sets what is worth an alert, and posts a test to an address that it never shows', {
  timeout: 60_000,
}, async () => {
  const posted: string[] = [];
  let status = 200;
  const hook = createServer((request, answer) => {
    request.on('data', (chunk) => posted.push(String(chunk))).on('end', () => answer.writeHead(status).end());
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void hook.close());
  const { port } = hook.address() as AddressInfo;
  const { page, tollgate, problems } = await openPage({ path: '/alerts?view=rules' });
  const { client } = tollgate;

  await page.getByRole('button', { name: 'Remove 50 %' }).click();
  await page.getByRole('textbox', { name: 'Add a percentage' }).fill('nine');
  await page.keyboard.press('Enter');
  await page.getByText('A whole number from 1 to 1000.').waitFor();
  await page.getByRole('textbox', { name: 'Add a percentage' }).fill('95');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await client.alerts.settings()).thresholds, SOON).toEqual([80, 95, 100]);

  await page.getByRole('textbox', { name: 'Refusals' }).fill('7');
  await page.keyboard.press('Enter');
  await expect
    .poll(async () => (await client.alerts.settings()).refusals, SOON)
    .toEqual({ count: 7, minutes: 10 });
  for (const name of ['Forecast', 'Show notifications']) {
    await page.getByRole('switch', { name }).click();
    await page.getByRole('switch', { name, checked: false }).waitFor();
  }
  await expect.poll(async () => (await client.alerts.settings()).desktop, SOON).toBe(false);
  expect((await client.alerts.settings()).muted).toEqual(['forecast']);

  const address = page.getByRole('textbox', { name: 'Address' });
  expect(await address.getAttribute('type')).toBe('password');
  await address.fill(`http://127.0.0.1:${port}/services/SECRET-PART`);
  await page.getByRole('button', { name: 'Save the address' }).click();
  await page.getByText(`Posts to http://127.0.0.1:${port}/…`).waitFor();
  expect(await address.inputValue(), 'what was typed is gone').toBe('');
  expect(await page.content()).not.toContain('SECRET-PART');
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByText('Delivered (200)').waitFor();
  expect(posted.join()).toContain('This is a test');
  status = 503;
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByText('Failed: it answered 503').waitFor();

  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText('Posts nowhere.').waitFor();
  expect((await client.webhook.get()).address).toBeNull();
  expect(problems).toEqual([]);
});
