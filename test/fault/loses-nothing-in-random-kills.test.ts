import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { RequestView } from '../../proxy/contract/requests.ts';
import { CHAT, type EngineHome, openEngineHome, post } from '../helpers/engine-home.ts';
import { readLedger, recount, rollup } from '../helpers/ledger-files.ts';
import type { Served } from '../helpers/tollgate-command.ts';
import { until } from '../helpers/until.ts';

/** `npm run kills -- 1000` plays many more. */
const KILLS = Number(process.env['TOLLGATE_KILLS'] ?? 15);
const WORKERS = 6;
/** The small one is used up on the way, the large one lasts to the end. */
const CAPS = { small: 1_500_000, large: KILLS * 4_000_000 };
const dollars = (nanoUsd: number): string => (nanoUsd / 1e9).toFixed(9);

const RESPONSE = { model: 'gpt-5.4-mini', input: 'Say hello' };

/** Sends until the engine dies; returns the ids of requests whose answer has begun to arrive. */
async function load(served: Served, tokens: readonly string[], random: () => number): Promise<string[]> {
  const answered: string[] = [];
  const length = (): number => 20 + Math.floor(random() * 60);
  const send = async (token: string, path: string, body: object): Promise<void> => {
    const response = await post(served, token, path, body);
    const id = response.headers.get('x-tollgate-request-id');
    if (response.status === 200 && id !== null) answered.push(id);
    await response.text();
    if (response.status !== 200) await sleep(20);
  };
  const chat = async (token: string): Promise<void> => {
    for (;;)
      await send(token, '/chat/completions', {
        ...CHAT,
        stream: random() < 0.4,
        max_completion_tokens: length(),
      });
  };
  const background = async (token: string): Promise<void> => {
    for (;;) await send(token, '/responses', { ...RESPONSE, background: true, max_output_tokens: length() });
  };
  const socket = async (token: string): Promise<void> => {
    const ws = new WebSocket(`${served.baseUrl.replace('http', 'ws')}/responses`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await once(ws, 'open');
    const ask = (): void =>
      ws.send(JSON.stringify({ type: 'response.create', ...RESPONSE, max_output_tokens: length() }));
    ws.on('message', (data: Buffer) => {
      if (/^\{"type":"(response\.(completed|incomplete)|error)"/.test(data.toString())) setTimeout(ask, 20);
    });
    ask();
    await once(ws, 'close');
  };
  const work = [chat, chat, chat, chat, background, socket];
  const workers = Array.from({ length: WORKERS }, (_, number) =>
    work[number]?.(tokens[number % tokens.length] ?? '').catch(() => undefined),
  );
  await until(() => answered.length >= 2);
  await sleep(random() * 80);
  await served.stop('SIGKILL');
  await Promise.all(workers);
  return answered;
}

/** Background responses end at OpenAI, whatever happens here; the engine asks for them. */
function untilNothingIsHeld(home: EngineHome): Promise<void> {
  return until(async () => {
    const { holds } = await home.control((client) => client.engine.holds());
    return holds.length === 0;
  }, 40_000);
}

/** Start times of all engines, for whoever wants to know: the first and each after a kill. */
function report(startsMs: readonly number[], requests: number): void {
  const sorted = [...startsMs].sort((a, b) => a - b);
  const at = (share: number): string =>
    `${Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0)} ms`;
  process.stdout.write(
    `${KILLS} kills, ${requests} requests; starts: median ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}\n`,
  );
}

test(`F04 ${KILLS} kills at random moments under load lose no request and cross no cap`, {
  timeout: 60_000 + KILLS * 4_000,
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
  const startsMs: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = performance.now();
    const served = await home.start();
    startsMs.push(performance.now() - before);
    answered.push(...(await load(served, [small, large], random)));
    readLedger(home.dir, (db) => expect(db.pragma('quick_check', { simple: true })).toBe('ok'));
  }

  const last = await home.start();
  await untilNothingIsHeld(home);
  const more = await post(last, small, '/chat/completions', { ...CHAT, max_completion_tokens: 1_000 });
  expect(more.status, 'more than is left of the small cap').toBe(429);
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
  for (const app of ['small', 'large']) {
    const { limits } = await home.control((client) => client.apps.get({ app }));
    expect(limits).toMatchObject([{ settled: spent(app), held: 0 }]);
  }
  readLedger(home.dir, (db) => expect(rollup(db)).toEqual(recount(db)));
  report(startsMs, rows.size);
});
