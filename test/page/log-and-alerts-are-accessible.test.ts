import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { openPage } from './helpers/open-page.ts';

test.each(['light', 'dark'] as const)(
  'is readable by everybody: %s',
  { timeout: 180_000 },
  async (colorScheme) => {
    const { page, tollgate, link } = await openPage({
      path: '/requests',
      colorScheme,
      async prepare({ createApp, post, openai }) {
        const token = await createApp('notebook', ['requests=2/day', 'usd=1/day']);
        openai.faults.add({ fault: { kind: 'server-error' } });
        await post(token, '/chat/completions', CHAT);
        openai.faults.add({ fault: { kind: 'usage', as: 'missing' } });
        for (let turn = 0; turn < 3; turn += 1) await post(token, '/chat/completions', CHAT);
      },
    });
    const serious = async (): Promise<string[]> => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    };
    await page
      .getByRole('row', { name: /notebook/ })
      .first()
      .waitFor();
    expect(await serious(), 'the log').toEqual([]);
    for (const outcome of ['refused', 'charged-at-bound', 'voided'] as const) {
      const [request] = (await tollgate.client.requests.list({ outcome })).requests;
      await page.goto(await link(`/requests/${request?.id}`));
      await page.getByRole('complementary', { name: 'Request' }).getByText('What it was').waitFor();
      expect(await serious(), outcome).toEqual([]);
    }
    await page.goto(await link('/alerts'));
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    expect(await serious(), 'alerts').toEqual([]);
    await page.goto(await link('/alerts?view=rules'));
    await page.getByText('Unusual spending').first().waitFor();
    expect(await serious(), 'rules').toEqual([]);
  },
);
