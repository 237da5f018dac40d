import type { Scene } from './scene.ts';

export const scenes: readonly Scene[] = [
  { name: 'connect', path: '/connect?tool=openai-python', world: 'used' },
  {
    name: 'connect-write',
    path: '/connect?tool=aider',
    world: 'used',
    variants: ['light', 'dark'],
    async act(page) {
      await page.getByRole('tab', { name: 'Write the file' }).click();
      await page.getByRole('button', { name: 'Write the file for me' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Write it' }).waitFor();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'connect-try',
    path: '/connect?tool=curl',
    world: 'used',
    async act(page) {
      await page.getByRole('tab', { name: 'Try it' }).click();
      await page.getByRole('button', { name: 'Try it' }).click();
      await page.getByText('What it printed').waitFor();
    },
  },
  { name: 'connect-cannot', path: '/connect?tool=cursor', world: 'used', variants: ['light'] },
  { name: 'connect-no-apps', path: '/connect', world: 'empty', variants: ['light'] },
  { name: 'connect-none', path: '/connect?q=nothing-like-it', world: 'used', variants: ['light'] },
  { name: 'connect-error', path: '/connect', world: 'used', variants: ['light'], failing: ['snippets/list'] },
];
