import { expect, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import type { Tollgate } from '../helpers/open-tollgate.ts';
import { openPage } from './helpers/open-page.ts';

const DAY_MS = 86_400_000;
const CALLS_A_DAY = [1, 4, 2, 6, 3];

/** Calls on some days before today, made with the clock of the engine in the past. */
async function callFor(tollgate: Tollgate, token: string, setBehind: (ms: number) => void): Promise<void> {
  for (const [index, calls] of CALLS_A_DAY.entries()) {
    setBehind((CALLS_A_DAY.length - index) * DAY_MS);
    for (let call = 0; call < calls; call += 1) {
      await (await tollgate.post(token, '/chat/completions', CHAT)).arrayBuffer();
    }
  }
  setBehind(0);
}

test('says what a limit would have refused, as the engine counts it, and saves it', {
  timeout: 60_000,
}, async () => {
  let behindMs = CALLS_A_DAY.length * DAY_MS;
  let appId = '';
  const { page, tollgate, problems, link } = await openPage({
    now: () => Date.now() - behindMs,
    // Days of 24 hours, every day of the year.
    config: { zone: 'UTC' },
    async prepare(opened) {
      const token = await opened.createApp('notebook', ['usd=5/day']);
      await callFor(opened, token, (ms) => {
        behindMs = ms;
      });
      appId = (await opened.client.apps.get({ app: 'notebook' })).id;
    },
  });
  await page.goto(await link(`/apps/${appId}`));
  let asked = 0;
  await page.route('**/rpc/limits/backtest', (route) => {
    asked += 1;
    return route.continue();
  });
  await page.getByRole('button', { name: 'Add a limit' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a limit' });
  await dialog.getByText('Type an amount to see what it would have done.').waitFor();
  await dialog.getByLabel('What it counts').selectOption('requests');
  await dialog.getByLabel('Amount').fill('3');

  const expected = await tollgate.client.limits.backtest({
    app: 'notebook',
    limits: [{ metric: 'requests', amount: 3, window: 'day', enforce: 'hard' }],
  });
  // Of 1, 4, 2, 6 and 3 calls a day, those after the third: one and three.
  expect(expected).toMatchObject({ calls: 16, refused: 4, exact: true });
  await dialog.getByText('Would have refused 4 calls of 16 in the last 30 days.').waitFor();
  expect(expected.limits[0]).toMatchObject({ windowsReached: 2, windows: 5, most: 6 });
  await dialog.getByText(/Reached on 2 of 5 days with calls/).waitFor();
  await dialog.getByText(/The most in one day was 6 requests/).waitFor();
  await dialog.getByText('Exact: every call was looked at.').waitFor();

  asked = 0;
  await dialog.getByLabel('Amount').fill('');
  await dialog.getByLabel('Amount').pressSequentially('1000', { delay: 30 });
  await dialog.getByText('Would have refused none of 16 calls in the last 30 days.').waitFor();
  expect(asked, 'not at every key').toBeLessThanOrEqual(2);

  await dialog.getByLabel('Amount').fill('4');
  await dialog.getByLabel('When it is reached').selectOption('warn');
  await dialog.getByText(/Would have been passed by 2 calls of 16/).waitFor();
  await dialog.getByLabel('Its own').check();
  await dialog.getByLabel(/Alert at, in percent/).fill('25, 90');
  await dialog.getByRole('button', { name: 'Add limit' }).click();
  await page.getByText('Warns only · alerts at 25, 90 %').waitFor();
  const { limits } = await tollgate.client.apps.get({ app: 'notebook' });
  expect(limits.find(({ metric }) => metric === 'requests')).toMatchObject({
    amount: 4,
    enforce: 'warn',
    thresholds: [25, 90],
    hasOwnThresholds: true,
  });

  // To another window: the old one goes in the same step.
  await page.getByRole('button', { name: 'Change $5.00 a day' }).click();
  const change = page.getByRole('dialog', { name: 'Change $5.00 a day' });
  await change.getByLabel('In each').selectOption('week');
  await change.getByRole('button', { name: 'Save' }).click();
  await page.getByText('$5.00 a week').waitFor();
  const after = (await tollgate.client.apps.get({ app: 'notebook' })).limits;
  expect(after.map(({ metric, window }) => `${metric}/${window}`).sort()).toEqual([
    'requests/day',
    'usd/week',
  ]);

  await page.getByRole('button', { name: 'Change 4 requests a day' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText(/stops counting at once/).waitFor();
  await page.getByRole('button', { name: 'Remove', exact: true }).last().click();
  await page.getByText('Warns only').waitFor({ state: 'hidden' });
  expect((await tollgate.client.apps.get({ app: 'notebook' })).limits).toHaveLength(1);
  expect(problems).toEqual([]);
});
