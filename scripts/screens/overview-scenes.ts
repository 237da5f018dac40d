import type { Page } from '@playwright/test';
import type { Scene } from './scene.ts';

async function untilChart(page: Page): Promise<void> {
  await page.locator('.recharts-surface').first().waitFor();
}

export const scenes: readonly Scene[] = [
  { name: 'overview', path: '/', world: 'used', act: untilChart },
  {
    name: 'overview-below',
    path: '/',
    world: 'used',
    variants: ['light', 'dark'],
    async act(page) {
      await untilChart(page);
      await page.locator('#content').evaluate((main) => main.scrollTo(0, main.scrollHeight));
    },
  },
  { name: 'overview-empty', path: '/', world: 'empty', variants: ['light'] },
  { name: 'overview-error', path: '/', world: 'used', variants: ['light'], failing: ['usage/overview'] },
];
