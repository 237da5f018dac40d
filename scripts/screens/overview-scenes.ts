import type { Scene } from './scene.ts';

export const scenes: readonly Scene[] = [
  { name: 'overview', path: '/', world: 'used' },
  {
    name: 'overview-below',
    path: '/',
    world: 'used',
    async act(page) {
      await page.locator('.recharts-surface').first().waitFor();
      await page.locator('#content').evaluate((main) => main.scrollTo(0, main.scrollHeight));
    },
  },
  { name: 'overview-empty', path: '/', world: 'empty', variants: ['light'] },
  { name: 'overview-error', path: '/', world: 'used', variants: ['light'], failing: ['usage/overview'] },
];
