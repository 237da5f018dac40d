import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from 'vitest';
import { openPage } from './helpers/open-page.ts';

/** What to wait for on each screen before it is looked at. */
const SCREENS = [
  ['/connect?tool=aider', 'aider'],
  ['/connect?tool=cursor', 'Cursor'],
  ['/coverage', '/v1/chat/completions'],
  ['/coverage?route=POST+%2Fv1%2Fbatches', 'Opt-ins are part of the policy of an app.'],
  ['/security', 'Nothing caps everything together'],
  ['/key', 'Requests are sent with this key.'],
  ['/key?rotate=yes', 'The new key is checked first.'],
  ['/settings', 'Port of the proxy'],
  ['/settings?tab=dashboard', 'Times in'],
  ['/settings?tab=sessions', 'This one'],
  ['/settings?tab=prices', 'gpt-3.5-turbo'],
  ['/settings?tab=prices&price=gpt-5.4', 'Save the price'],
  ['/settings?tab=checks', 'Disk space'],
  ['/settings?tab=about', 'Data folder'],
] as const;

async function seriousIn(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
    );
}

test.for(['light', 'dark'] as const)(
  'has nothing serious in the way of anybody, %s',
  { timeout: 240_000 },
  async (colorScheme) => {
    const { page, link } = await openPage({
      colorScheme,
      async prepare({ createApp }) {
        await createApp('notebook', ['usd=1/day']);
      },
    });
    const found: string[] = [];
    for (const [path, words] of SCREENS) {
      await page.goto(await link(path));
      await page.getByText(words).first().waitFor();
      // Whatever comes in by sliding is where it will be.
      await page.waitForTimeout(400);
      found.push(...(await seriousIn(page)).map((fault) => `${path}: ${fault}`));
    }
    expect(found).toEqual([]);
  },
);
