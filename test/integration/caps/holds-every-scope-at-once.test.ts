import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LimitSpec, parseLimit } from '../../../proxy/contract/limits.ts';
import { expectLedgerIsBill, untilIdle } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';

/*
 * One request counts in five budgets: of the whole key, of its app, of its end user, of its client's
 * address, and of its run. It takes from all of them or from none.
 */
let tollgate: Tollgate;
beforeEach(async () => {
  tollgate = await openTollgate({ config: { queueMs: 0 }, openai: { firstTokenMs: 20 } });
});
afterEach(() => tollgate.close());

const ROOMY = parseLimit('usd=50/total');
/** Room for four of the requests below. */
const NARROW = parseLimit('usd=0.001/total');

const SCOPES = ['key', 'app', 'user', 'address', 'run'] as const;
type Scope = (typeof SCOPES)[number];
type Limits = Readonly<Record<Scope, LimitSpec>>;

const roomy = (more: Partial<Limits> = {}): Limits => ({
  key: ROOMY,
  app: ROOMY,
  user: ROOMY,
  address: ROOMY,
  run: ROOMY,
  ...more,
});

/** An app that has all these limits; resolves to the token of a run of it. */
async function openRun(limits: Limits): Promise<string> {
  const { client } = tollgate;
  await client.limits.set({ limits: [{ ...limits.key, enforce: 'hard' }] });
  await client.apps.create({
    name: 'job',
    limits: [{ ...limits.app, enforce: 'hard' }],
    policy: { perUser: [limits.user], perIp: [limits.address] },
  });
  return startRun(limits.run);
}

async function startRun(limit: LimitSpec): Promise<string> {
  const events = await tollgate.client.runs.start({ app: 'job', limits: [limit] });
  const first = await events.next();
  if (first.done) throw new Error('the run has no token');
  return first.value.token;
}

const ask = (token: string, user = 'ann'): Promise<Response> =>
  tollgate.post(
    token,
    '/chat/completions',
    {
      model: 'gpt-4o-mini',
      max_completion_tokens: 400,
      messages: [{ role: 'user', content: 'Write 400 tokens' }],
    },
    { headers: { 'x-tollgate-user': user } },
  );

/** What the key and the app have spent and hold. */
async function counted(): Promise<{ settled: number; held: number }[]> {
  const [key] = (await tollgate.client.limits.list()).limits;
  const [app] = (await tollgate.client.apps.get({ app: 'job' })).limits;
  return [key, app].map((limit) => ({ settled: limit?.settled ?? -1, held: limit?.held ?? -1 }));
}

test.each([
  ['key', 'for the whole key'],
  ['app', 'for app \\"job\\"'],
  ['user', 'for each user of app'],
  ['address', 'for each client address of app'],
  ['run', 'for this run'],
] as const)(
  'A58 the narrowest budget decides: that of the %s; what it refuses takes nothing elsewhere',
  async (scope, whose) => {
    const token = await openRun(roomy({ [scope]: NARROW }));
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(token)));
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    const refused = texts.filter((_text, index) => answers[index]?.status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(16);
    expect(refused.length).toBeLessThan(20);
    for (const text of refused) expect(text).toContain(whose);
    const billed = tollgate.openai.bill.totalNanoUsd();
    expect(billed).toBeGreaterThan(0);
    expect(billed).toBeLessThanOrEqual(NARROW.amount);
    await expectLedgerIsBill(tollgate);
    expect(await counted()).toEqual([
      { settled: billed, held: 0 },
      { settled: billed, held: 0 },
    ]);
    // Whatever is left of it is used up; then another user, or another run, still has its own.
    const statusOf = async (...args: Parameters<typeof ask>): Promise<number> => {
      const answer = await ask(...args);
      await answer.arrayBuffer();
      return answer.status;
    };
    for (let left = 5; (await statusOf(token)) === 200; left -= 1) expect(left).toBeGreaterThan(0);
    const other = scope === 'run' ? await startRun(ROOMY) : token;
    const isOwn = scope === 'user' || scope === 'run';
    expect(await statusOf(other, 'bob')).toBe(isOwn ? 200 : 429);
  },
);

test('A58 different metrics in different scopes hold at once, and each refuses by itself', async () => {
  const token = await openRun(
    roomy({
      user: parseLimit('requests=3/day'),
      address: parseLimit('output_tokens=2500/day'),
      run: parseLimit('requests=8/total'),
    }),
  );
  const statuses = await Promise.all(
    ['ann', 'bob', 'cleo', 'dora'].flatMap((user) =>
      Array.from({ length: 6 }, async () => {
        const answer = await ask(token, user);
        await answer.arrayBuffer();
        return { user, ok: answer.status === 200 };
      }),
    ),
  );
  const passed = statuses.filter(({ ok }) => ok);
  // 2,500 tokens are six answers of 400: fewer than the run may have, and more than one user.
  expect(passed).toHaveLength(6);
  for (const user of ['ann', 'bob', 'cleo', 'dora']) {
    expect(passed.filter((each) => each.user === user).length).toBeLessThanOrEqual(3);
  }
  await expectLedgerIsBill(tollgate);
});

test('I3 a client that leaves gives everything back in all scopes but what it has used', async () => {
  const token = await openRun(roomy());
  const leaving = new AbortController();
  const left = tollgate.post(
    token,
    '/chat/completions',
    { model: 'gpt-4o-mini', stream: true, messages: [{ role: 'user', content: 'Write 400 tokens' }] },
    { headers: { 'x-tollgate-user': 'ann' }, signal: leaving.signal },
  );
  await left;
  leaving.abort();
  await untilIdle(tollgate);
  await until(() => tollgate.openai.bill.rows.length === 1);
  const [key, app] = await counted();
  expect(key).toEqual(app);
  expect(key?.held).toBe(0);
  expect(key?.settled).toBeGreaterThanOrEqual(tollgate.openai.bill.totalNanoUsd());
});

test('a pause refuses a run whatever its budgets have left, and an observing app keeps to those of the key', async () => {
  const token = await openRun(roomy({ app: parseLimit('usd=0.000001/total') }));
  expect((await ask(token)).status).toBe(429);
  await tollgate.client.apps.change({ app: 'job', mode: 'observe' });
  const observed = await ask(token);
  await observed.arrayBuffer();
  expect(observed.status).toBe(200);
  await tollgate.client.limits.set({ limits: [{ ...parseLimit('usd=0.000002/total'), enforce: 'hard' }] });
  expect((await ask(token)).status).toBe(429);
  await tollgate.client.apps.pause({ app: 'job' });
  expect((await ask(token)).headers.get('x-tollgate-error')).toBe('app_paused');
  await expectLedgerIsBill(tollgate);
});
