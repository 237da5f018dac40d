import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { METRICS, WINDOWS } from '../../../proxy/contract/limits.ts';
import type { SimulatedOpenAi } from '../../../proxy/demo/simulated-openai.ts';
import { CHAT, openEngineHome } from '../../helpers/engine-home.ts';
import { readLedger, recount, rollup, tamper } from '../../helpers/ledger-files.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

const EVERY_LIMIT = METRICS.flatMap((metric) => WINDOWS.map((window) => `${metric}=1000000/${window}`));
/** A minute, hour or day may end between two engines; a fixed clock does not. */
const NOW_MS = Date.UTC(2026, 10, 25, 12, 7, 30);

async function openOn(home: { dir: string; openai: SimulatedOpenAi }): Promise<Tollgate> {
  return openTollgate({
    dataDir: home.dir,
    upstream: home.openai,
    now: () => NOW_MS,
    config: { zone: 'UTC' },
  });
}

const statesOf = async (tollgate: Tollgate) => ({
  apps: (await tollgate.client.apps.list()).apps.map(({ name, limits }) => ({ name, limits })),
  key: (await tollgate.client.limits.list()).limits,
});

async function usedHome() {
  const { dir, openai } = await openEngineHome();
  const tollgate = await openOn({ dir, openai });
  await tollgate.client.limits.set({
    limits: WINDOWS.map((window) => ({ metric: 'usd', window, amount: 5_000_000_000, enforce: 'hard' })),
  });
  const tokens = [await tollgate.createApp('one', EVERY_LIMIT), await tollgate.createApp('two', EVERY_LIMIT)];
  for (const [index, token] of [...tokens, ...tokens, tokens[0] ?? ''].entries()) {
    if (index === 3) openai.faults.add({ fault: { kind: 'reset-before-headers' } });
    await (
      await tollgate.post(token, '/chat/completions', { ...CHAT, stream: index % 2 === 0, user: `u${index}` })
    ).text();
  }
  await tollgate.client.apps.remove({ app: 'two' });
  return { dir, openai, tollgate };
}

test('I4 every counter of every limit is the same before and after a start, a removed app counted for the key', async () => {
  const home = await usedHome();
  const before = await statesOf(home.tollgate);
  expect(before.key.every(({ settled }) => settled > 0)).toBe(true);
  expect(before.apps[0]?.limits).toHaveLength(METRICS.length * WINDOWS.length);
  await home.tollgate.close();
  const again = await openOn(home);
  expect(await statesOf(again)).toEqual(before);
  await again.close();
});

const TAMPERINGS = [
  'UPDATE rollup SET cost_nano = 0, input = 0',
  'DELETE FROM rollup',
  'UPDATE rollup SET cost_nano = cost_nano * 1000',
];

test.each(TAMPERINGS)(
  'I4 after %s the caps count what was really spent, and the user is told',
  async (sql) => {
    const home = await usedHome();
    const before = await statesOf(home.tollgate);
    await home.tollgate.close();
    // A start that finds all well does not make the next one careless.
    await (await openOn(home)).close();
    tamper(home.dir, sql);

    const again = await openOn(home);
    expect(await statesOf(again)).toEqual(before);
    const { total } = await again.client.usage.report({ by: 'app' });
    expect(total.costNanoUsd).toBe(before.key.find(({ window }) => window === 'total')?.settled);
    await again.close();
    readLedger(home.dir, (db) => {
      expect(rollup(db)).toEqual(recount(db));
      expect(db.prepare('SELECT finding FROM findings').pluck().all()).toContain('ledger_recounted');
    });
    expect(readFileSync(join(home.dir, 'logs', 'engine.log'), 'utf8')).toContain('ledger_recounted');
  },
);
