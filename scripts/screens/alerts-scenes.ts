import type { Scene } from './scene.ts';

export const scenes: readonly Scene[] = [
  { name: 'alerts', path: '/alerts?state=all', world: 'used' },
  { name: 'alerts-empty', path: '/alerts?state=all', world: 'empty', variants: ['light'] },
  {
    name: 'alerts-error',
    path: '/alerts',
    world: 'used',
    variants: ['light'],
    failing: ['alerts/list'],
  },
  {
    name: 'alerts-seen',
    path: '/alerts?state=all',
    world: 'used',
    variants: ['light'],
    async act(page, { client }) {
      const { alerts } = await client.alerts.list({});
      const ids = alerts.slice(1, 3).map(({ id }) => id);
      if (ids.length > 0) await client.alerts.acknowledge({ ids });
      const first = alerts[0];
      if (first) await client.alerts.snooze({ id: first.id, until: '4h' });
      await page.getByRole('button', { name: 'Snooze' }).first().click();
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'alerts-rules',
    path: '/alerts?view=rules',
    world: 'used',
    async act(page, { client, port }) {
      // Nothing listens to alerts there: the delivery fails, and says so.
      await client.webhook.set({ url: `http://127.0.0.1:${port}/hooks/secret` });
      await client.webhook.test();
      await page.getByText('Latest delivery').waitFor();
      await page.waitForTimeout(300);
    },
  },
];
