import type { Scene } from './scene.ts';

export const scenes: readonly Scene[] = [
  { name: 'settings', path: '/settings', world: 'used' },
  {
    name: 'settings-restart',
    path: '/settings',
    world: 'empty',
    variants: ['light'],
    async act(page, { client }) {
      await client.settings.set({ engine: { zone: 'Europe/Berlin' } });
      await page.getByText('A restart is needed').waitFor();
    },
  },
  { name: 'settings-dashboard', path: '/settings?tab=dashboard', world: 'used', variants: ['light'] },
  {
    name: 'settings-sessions',
    path: '/settings?tab=sessions',
    world: 'empty',
    variants: ['light', 'dark'],
  },
  { name: 'settings-prices', path: '/settings?tab=prices', world: 'used' },
  {
    name: 'settings-price',
    path: '/settings?tab=prices&q=gpt-5.4&price=gpt-5.4',
    world: 'used',
    variants: ['light', 'dark'],
  },
  {
    name: 'settings-prices-none',
    path: '/settings?tab=prices&which=own',
    world: 'used',
    variants: ['light'],
  },
  {
    name: 'settings-checks',
    path: '/settings?tab=checks',
    world: 'used',
    async act(page) {
      await page.getByText('Disk space').waitFor();
    },
  },
  { name: 'settings-about', path: '/settings?tab=about', world: 'used', variants: ['light', 'narrow'] },
  {
    name: 'settings-error',
    path: '/settings',
    world: 'used',
    variants: ['light'],
    failing: ['settings/get'],
  },
];
