import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RequestView } from '../../proxy/contract/requests.ts';
import { CHAT, openEngineHome, post } from '../helpers/engine-home.ts';
import { readLedger, recount, rollup } from '../helpers/ledger-files.ts';
import type { Served } from '../helpers/tollgate-command.ts';
import { until } from '../helpers/until.ts';

const KILLS = 15;
const WORKERS = 6;
/** The small one is used up on the way, the large one lasts to the end. */
const CAPS = { small: 4_000_000, large: 60_000_000 };
const dollars = (nanoUsd: number): string => (nanoUsd / 1e9).toFixed(9);

/** Sends until the engine dies; returns the ids of requests whose answer has begun to arrive. */
async function load(served: Served, tokens: readonly string[], random: () => number): Promise<string[]> {
  const answered: string[] = [];
  const worker = async (number: number): Promise<void> => {
    for (;;) {
      const token = tokens[number % tokens.length] ?? '';
      const body = { ...CHAT, stream: random() < 0.4, max_completion_tokens: 20 + Math.floor(random() * 60) };
      const response = await post(served, token, '/chat/completions', body);
      const id = response.headers.get('x-tollgate-request-id');
      if (response.status === 200 && id !== null) answered.push(id);
      await response.text();
      if (response.status !== 200) await sleep(20);
    }
  };
  const workers = Array.from({ length: WORKERS }, (_, number) => worker(number).catch(() => undefined));
  await until(() => answered.length >= 2, 5_000);
  await sleep(random() * 80);
  await served.stop('SIGKILL');
  await Promise.all(workers);
  return answered;
}

test(`F04 ${KILLS} kills at random moments under load lose no request and cross no cap`, {
  timeout: 60_000,
}, async () => {
  const home = await openEngineHome({
    openai: { tokensPerSecond: 2_000, outputTokens: { min: 5, max: 80 } },
  });
  let seed = 20_261_124;
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  const first = await home.start();
  const small = await home.createApp('small', [`usd=${dollars(CAPS.small)}/total`]);
  const large = await home.createApp('large', [`usd=${dollars(CAPS.large)}/total`]);
  await first.stop();

  const answered: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    answered.push(...(await load(await home.start(), [small, large], random)));
    readLedger(home.dir, (db) => expect(db.pragma('quick_check', { simple: true })).toBe('ok'));
  }

  await home.start();
  const rows = new Map<string, RequestView>();
  for (let before: string | undefined; ; ) {
    const { requests } = await home.control((client) =>
      client.requests.list({ limit: 1_000, ...(before === undefined ? {} : { before }) }),
    );
    for (const row of requests) rows.set(row.id, row);
    before = requests.at(-1)?.id;
    if (requests.length < 1_000) break;
  }
  expect(answered.length).toBeGreaterThanOrEqual(2 * KILLS);
  for (const id of answered) {
    expect(rows.get(id)?.outcome).toMatch(/^(settled|estimated|charged-at-bound)$/);
  }
  const ended = [...rows.values()].filter(({ outcome }) => outcome !== 'refused');
  expect(ended.filter(({ outcome }) => outcome === 'charged-at-bound').length).toBeGreaterThan(0);
  expect(ended.filter(({ outcome }) => outcome === 'open')).toEqual([]);

  const spent = (app: string): number =>
    ended.filter((row) => row.app === app).reduce((sum, row) => sum + (row.costNanoUsd ?? 0), 0);
  expect(spent('small')).toBeLessThanOrEqual(CAPS.small);
  expect(spent('large')).toBeLessThanOrEqual(CAPS.large);
  expect(spent('small') + spent('large')).toBeGreaterThanOrEqual(home.openai.bill.totalNanoUsd());
  expect(
    [...rows.values()].some(({ outcome, reason }) => outcome === 'refused' && reason === 'quota_exceeded'),
  ).toBe(true);

  for (const app of ['small', 'large']) {
    const { limits } = await home.control((client) => client.apps.get({ app }));
    expect(limits).toMatchObject([{ settled: spent(app), held: 0 }]);
  }
  readLedger(home.dir, (db) => expect(rollup(db)).toEqual(recount(db)));
});
