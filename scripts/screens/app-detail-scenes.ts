import type { Tollgate } from '../../test/helpers/open-tollgate.ts';
import type { Scene } from './scene.ts';

function at(app: string, search = ''): (tollgate: Tollgate) => Promise<string> {
  return async ({ client }) => `/apps/${(await client.apps.get({ app })).id}${search}`;
}

export const scenes: readonly Scene[] = [
  { name: 'app-limits', path: at('docs-assistant'), world: 'used' },
  {
    name: 'app-limits-raised',
    path: at('coding-agent'),
    world: 'used',
    variants: ['light'],
    async act(page, { client }) {
      const limit = { metric: 'usd', window: 'day', enforce: 'hard' } as const;
      await client.apps.raise({ app: 'coding-agent', limit, amount: 2_000_000_000 });
      await page.getByText('Raised by').waitFor();
      await page.screenshot();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'app-limit-editor',
    path: at('docs-assistant'),
    world: 'used',
    async act(page) {
      await page.getByRole('button', { name: 'Change $1.20 a day' }).click();
      await page.getByLabel('Amount').fill('0.10');
      await page.getByText(/Would have refused/).waitFor();
      await page.waitForTimeout(700);
    },
  },
  {
    name: 'app-raise',
    path: at('coding-agent'),
    world: 'used',
    variants: ['light', 'dark'],
    async act(page) {
      await page.getByRole('button', { name: 'Raise $0.20 a day for a while' }).click();
      await page.getByLabel('By how much more').fill('2');
      await page.waitForTimeout(300);
    },
  },
  { name: 'app-tokens', path: at('docs-assistant', '?tab=tokens'), world: 'used' },
  {
    name: 'app-rotate',
    path: at('docs-assistant', '?tab=tokens&open=rotate'),
    world: 'used',
    variants: ['light'],
    async act(page) {
      await page.waitForTimeout(300);
    },
  },
  { name: 'app-policy', path: at('docs-assistant', '?tab=policy'), world: 'used' },
  {
    name: 'app-policy-below',
    path: at('docs-assistant', '?tab=policy'),
    world: 'used',
    variants: ['light', 'dark'],
    async act(page) {
      await page.getByLabel('Requests a minute').fill('60');
      await page.getByRole('button', { name: 'Add a limit for each user' }).click();
      await page.getByText('When a program goes away').scrollIntoViewIfNeeded();
    },
  },
  { name: 'app-settings', path: at('docs-assistant', '?tab=settings'), world: 'used' },
  {
    name: 'app-mode',
    path: at('prototype-web', '?tab=settings'),
    world: 'used',
    variants: ['light'],
    async act(page) {
      await page.getByLabel('Enforce', { exact: true }).check();
      await page.waitForTimeout(300);
    },
  },
  { name: 'app-no-limits', path: at('prototype-web'), world: 'used', variants: ['light'] },
  { name: 'app-paused', path: at('notebook'), world: 'used', variants: ['light', 'dark'] },
  { name: 'app-gone', path: '/apps/app_0000000000000000', world: 'used', variants: ['light'] },
];
