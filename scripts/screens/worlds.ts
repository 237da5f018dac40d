import { parseLimit } from '../../proxy/contract/limits.ts';
import { openTollgate, type Tollgate } from '../../test/helpers/open-tollgate.ts';
import type { World } from './scene.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const DAYS = 24;

/** What three programs of somebody might ask, and how often a day. */
const HABITS = [
  { app: 'docs-assistant', path: '/chat/completions', model: 'gpt-5.4', words: 2_600, perDay: 5 },
  { app: 'docs-assistant', path: '/embeddings', model: 'text-embedding-3-large', words: 6_000, perDay: 2 },
  { app: 'nightly-triage', path: '/responses', model: 'gpt-5.4-mini', words: 5_000, perDay: 6 },
  { app: 'coding-agent', path: '/responses', model: 'gpt-5.4', words: 7_000, perDay: 3 },
] as const;

/** An engine of that world, with a dashboard; the caller closes it. */
export async function openWorld(world: World): Promise<Tollgate> {
  if (world === 'used') return openUsedWorld();
  const tollgate = await openTollgate({ config: { dashboardPort: 0, userHome: '/home/you' } });
  if (world === 'no-key') await tollgate.client.keys.remove();
  else await tollgate.client.settings.set({ dashboard: { onboardedAt: new Date().toISOString() } });
  return tollgate;
}

/** Weeks of use in a minute: the clock of the engine stands in the past and catches up. */
async function openUsedWorld(): Promise<Tollgate> {
  let behindMs = DAYS * DAY_MS;
  const tollgate = await openTollgate({
    config: { dashboardPort: 0, userHome: '/home/you' },
    openai: { outputTokens: { min: 300, max: 2_400 } },
    now: () => Date.now() - behindMs,
  });
  const { client } = tollgate;
  await client.settings.set({ dashboard: { onboardedAt: new Date().toISOString() } });
  await client.limits.set({
    limits: ['usd=25/month', 'usd=2.50/day'].map((text) => ({ ...parseLimit(text), enforce: 'hard' })),
  });
  const tokens = new Map([
    ['docs-assistant', await tollgate.createApp('docs-assistant', ['usd=1.20/day', 'usd=12/month'])],
    ['nightly-triage', await tollgate.createApp('nightly-triage', ['usd=0.25/day', 'requests=5/day'])],
    ['coding-agent', await tollgate.createApp('coding-agent', ['usd=0.20/day', 'tokens=3M/month'])],
  ]);
  await tollgate.createApp('notebook', ['usd=5/total']);
  await client.apps.change({ app: 'docs-assistant', mode: 'enforce' });
  await client.apps.create({ name: 'prototype-web', mode: 'observe', limits: [] });
  for (let day = DAYS; day >= 0; day -= 1) {
    for (const habit of HABITS) {
      // Weekends are quiet; the numbers are the same at every run.
      const isQuiet = day % 7 === 1 || day % 7 === 2;
      const times = isQuiet ? Math.ceil(habit.perDay / 4) : habit.perDay + ((day * 7) % 3);
      for (let turn = 0; turn < times; turn += 1) {
        behindMs = day * DAY_MS + (times - turn) * (day === 0 ? 9 : 40) * 60_000;
        await send(tollgate, tokens.get(habit.app) ?? '', habit, turn + day);
      }
    }
  }
  behindMs = 0;
  await client.apps.pause({ app: 'notebook' });
  return tollgate;
}

async function send(
  tollgate: Tollgate,
  token: string,
  { path, model, words }: (typeof HABITS)[number],
  turn: number,
): Promise<void> {
  const text = 'note '.repeat(Math.round(words * (0.6 + ((turn * 37) % 80) / 100)));
  const body =
    path === '/chat/completions'
      ? { model, messages: [{ role: 'user', content: text }] }
      : { model, input: text };
  // A refusal is part of the picture.
  await (await tollgate.post(token, path, body)).arrayBuffer();
}
