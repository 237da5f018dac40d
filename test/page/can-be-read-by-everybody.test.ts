import AxeBuilder from '@axe-core/playwright';
import { expect, test } from 'vitest';
import { SCREENS, WELCOME_PATH } from '../../proxy/contract/screens.ts';
import { CHAT } from '../helpers/engine-home.ts';
import { openPage } from './helpers/open-page.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

test.each(['light', 'dark'] as const)(
  'has no fault of WCAG 2.2 AA in %s',
  { timeout: 120_000 },
  async (colorScheme) => {
    const { page, goTo } = await openPage({
      colorScheme,
      async prepare({ createApp, post, client }) {
        const token = await createApp('notebook', ['usd=1/day']);
        await post(token, '/chat/completions', CHAT);
        await post('tg_unknown', '/chat/completions', CHAT);
        await client.engine.pauseAll({ until: '1h' });
      },
    });
    const faults: string[] = [];
    const [first] = Object.values(SCREENS);
    for (const path of [...Object.values(SCREENS), WELCOME_PATH]) {
      const before = await page.locator('h1').first().innerText();
      await goTo(path);
      // Not that of the screen before, which stands until the next one is loaded.
      if (path !== first) await expect.poll(() => page.locator('h1').first().innerText()).not.toBe(before);
      await page.waitForTimeout(400);
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      faults.push(
        ...violations.map(({ id, nodes }) => `${path}: ${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
      );
    }
    expect(faults).toEqual([]);
  },
);
