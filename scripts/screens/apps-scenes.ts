import type { Page } from '@playwright/test';
import type { Scene } from './scene.ts';

async function fillName(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'New app' });
  await dialog.getByLabel('Name').fill('release-notes');
}

export const scenes: readonly Scene[] = [
  { name: 'apps', path: '/apps', world: 'used' },
  { name: 'apps-empty', path: '/apps', world: 'empty' },
  { name: 'apps-no-match', path: '/apps?q=nothing', world: 'used', variants: ['light'] },
  { name: 'apps-error', path: '/apps', world: 'used', variants: ['light'], failing: ['apps/list'] },
  {
    name: 'apps-new',
    path: '/apps?new=1',
    world: 'used',
    async act(page) {
      await fillName(page);
      await page.getByText('More rules').click();
    },
  },
  {
    name: 'apps-new-wrong',
    path: '/apps?new=1',
    world: 'used',
    variants: ['light'],
    async act(page) {
      const dialog = page.getByRole('dialog', { name: 'New app' });
      await dialog.getByLabel('Name').fill('docs-assistant');
      await dialog.getByRole('button', { name: 'Create app' }).click();
      await dialog.getByRole('alert').waitFor();
    },
  },
  {
    name: 'apps-token',
    path: '/apps?new=1',
    world: 'used',
    variants: ['light'],
    async act(page, tollgate) {
      await fillName(page);
      await page.getByRole('button', { name: 'Create app' }).click();
      await page.getByRole('tab', { name: 'curl' }).waitFor();
      await page.waitForTimeout(300);
      await tollgate.client.apps.remove({ app: 'release-notes' });
    },
  },
  {
    name: 'apps-remove',
    path: '/apps',
    world: 'used',
    variants: ['light'],
    async act(page) {
      await page.getByRole('button', { name: 'More for docs-assistant' }).click();
      await page.getByRole('menuitem', { name: 'Remove…' }).click();
      await page.getByRole('dialog').waitFor();
      await page.waitForTimeout(300);
    },
  },
];
