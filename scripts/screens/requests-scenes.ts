import type { Page } from '@playwright/test';
import type { Tollgate } from '../../test/helpers/open-tollgate.ts';
import type { Scene } from './scene.ts';

const CHAT = { model: 'gpt-5.4', messages: [{ role: 'user', content: 'Say hello to everybody' }] };

/** Of each kind one, the last of them still running. */
async function makeKinds({ client, openai, post }: Tollgate): Promise<void> {
  const { apps } = await client.apps.list();
  if (apps.some(({ name }) => name === 'release-notes')) return;
  const { token } = await client.apps.create({
    name: 'release-notes',
    limits: [{ metric: 'usd', amount: 2_000_000_000, window: 'day', enforce: 'hard' }],
    policy: { models: ['gpt-*'] },
  });
  const send = async (body: object): Promise<void> => {
    await (await post(token ?? '', '/chat/completions', body)).arrayBuffer();
  };
  await send({ ...CHAT, user: 'ada@example.com' });
  openai.faults.add({ fault: { kind: 'server-error' } });
  await send(CHAT);
  await send({ ...CHAT, model: 'o9-unheard-of' });
  await send({ ...CHAT, max_completion_tokens: 128_000, n: 4 });
  openai.faults.add({ fault: { kind: 'usage', as: 'missing' } });
  await send({ ...CHAT, max_completion_tokens: 500 });
  openai.faults.add({ fault: { kind: 'hang-after-chunks', chunks: 4 } });
  void post(token ?? '', '/chat/completions', { ...CHAT, stream: true }).then((answer) => answer.text());
}

const withKinds = async (page: Page, tollgate: Tollgate): Promise<void> => {
  await makeKinds(tollgate);
  await page.getByRole('row', { name: /Running/ }).waitFor();
  await page.waitForTimeout(2_500);
};

async function pathOf(tollgate: Tollgate, outcome: 'settled' | 'refused' | 'open'): Promise<string> {
  await makeKinds(tollgate);
  const { requests } = await tollgate.client.requests.list({ outcome, limit: 1 });
  return `/requests/${requests[0]?.id}`;
}

export const scenes: readonly Scene[] = [
  { name: 'requests', path: '/requests', world: 'used', act: withKinds },
  { name: 'requests-empty', path: '/requests', world: 'empty', variants: ['light'] },
  {
    name: 'requests-none',
    path: '/requests?app=notebook&outcome=refused&since=24h',
    world: 'used',
    variants: ['light'],
  },
  {
    name: 'requests-error',
    path: '/requests',
    world: 'used',
    variants: ['dark'],
    failing: ['requests/list'],
  },
  {
    name: 'requests-columns',
    path: '/requests?outcome=settled&since=7d',
    world: 'used',
    variants: ['light'],
    async act(page) {
      await page.getByRole('button', { name: 'Columns' }).click();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'requests-views',
    path: '/requests?app=docs-assistant&text=embed&status=200',
    world: 'used',
    variants: ['dark'],
    async act(page) {
      await page.getByRole('button', { name: 'Views' }).click();
      await page.waitForTimeout(300);
    },
  },
  { name: 'request-detail', path: (tollgate) => pathOf(tollgate, 'settled'), world: 'used' },
  {
    name: 'request-detail-refused',
    path: (tollgate) => pathOf(tollgate, 'refused'),
    world: 'used',
    variants: ['light', 'dark'],
  },
  {
    name: 'request-detail-running',
    path: (tollgate) => pathOf(tollgate, 'open'),
    world: 'used',
    variants: ['light'],
  },
  {
    name: 'request-detail-unknown',
    path: '/requests/tgr_0000000',
    world: 'used',
    variants: ['light'],
  },
];
