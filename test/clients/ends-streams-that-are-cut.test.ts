import { afterAll, beforeAll, expect, test } from 'vitest';
import { ledgerOf, untilIdle } from '../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../helpers/open-tollgate.ts';
import { until } from '../helpers/until.ts';
import type { Call, CallName, Client, Failure, Target } from './client.ts';
import { codexCli } from './codex-cli.ts';
import { langchain } from './langchain.ts';
import { openaiSdk } from './openai-sdk.ts';
import { vercelAiSdk } from './vercel-ai-sdk.ts';
import { RequestWatch } from './watch-requests.ts';

/* A stream that is cut ends, at once and with the reason, in the way its client tells errors. */

/** Slow enough that no stream of it ends by itself. */
let tollgate: Tollgate;
let watch: RequestWatch;
/** With an OpenAI that takes no time. */
let quick: Tollgate;
let quickWatch: RequestWatch;
beforeAll(async () => {
  tollgate = await openTollgate({ openai: { tokensPerSecond: 20, outputTokens: { min: 900, max: 900 } } });
  watch = new RequestWatch(tollgate.port);
  quick = await openTollgate();
  quickWatch = new RequestWatch(quick.port);
});
afterAll(async () => {
  watch.close();
  quickWatch.close();
  await tollgate.close();
  await quick.close();
});

interface Cut {
  readonly name: string;
  readonly cut: (app: string) => Promise<unknown>;
  readonly says: RegExp;
  /** How the request after it is refused. */
  readonly status: number;
}

const CUTS: readonly Cut[] = [
  {
    name: 'a pause',
    cut: (app) => tollgate.client.apps.pause({ app }),
    says: /App "[^"]+" is paused in Tollgate\. Resume it with `tollgate app resume/,
    status: 403,
  },
  {
    name: 'a new token',
    cut: (app) => tollgate.client.apps.rotate({ app }),
    says: /The app token is missing, unknown, expired or revoked.* Create one with `tollgate app create/,
    status: 401,
  },
];

const SDKS = [openaiSdk, vercelAiSdk, langchain];
const STREAMS: readonly CallName[] = ['streamChat', 'streamResponses'];
const TRIALS = SDKS.flatMap((client) =>
  STREAMS.flatMap((name) =>
    CUTS.map((cut) => ({ client: client.name, name, what: cut.name, cut, trial: callOf(client, name) })),
  ),
);

function callOf(client: Client, name: CallName): { client: Client; call: Call } {
  const call = client.calls[name];
  if (!call) throw new Error(`${client.name} has no ${name}`);
  return { client, call };
}

async function appOf(engine: Tollgate, name: string, limit = 'usd=50/day'): Promise<Target> {
  return { baseUrl: engine.baseUrl, token: await engine.createApp(name, [limit]) };
}

async function failureOf({ client, call }: { client: Client; call: Call }, target: Target): Promise<Failure> {
  const text = await call(target, {}).catch((error: unknown) => client.readFailure(error));
  if (typeof text === 'string') throw new Error(`it ended well: ${text}`);
  return text;
}

const streaming = async (app: string): Promise<boolean> => {
  const { holds } = await tollgate.client.engine.holds();
  return holds.some((hold) => hold.app === app && hold.state === 'answering');
};

test.concurrent.for(TRIALS)('$client, $name: cut by $what', async ({ client, name, cut, trial }) => {
  const app = `${client}-${name}-${cut.status}`;
  const target = await appOf(tollgate, app);
  const failing = failureOf(trial, target);
  await until(() => streaming(app), 20_000);
  const cutAtMs = performance.now();
  await cut.cut(app);
  const { message } = await failing;
  expect(message).toMatch(cut.says);
  expect(performance.now() - cutAtMs).toBeLessThan(20_000);
  // What was shown already cannot be asked for again.
  expect(watch.of(target.token)).toHaveLength(1);
});

test.concurrent.for(CUTS)('codex: cut by $name', async ({ cut, says, status }, { skip }) => {
  skip(codexCli.unavailable !== null, codexCli.unavailable ?? '');
  const app = `codex-${status}`;
  const target = await appOf(tollgate, app);
  const failing = failureOf({ client: codexCli, call: codexCli.calls.ask }, target);
  await until(() => streaming(app), 60_000);
  await cut(app);
  const failure = await failing;
  // It asks five times anew, and tells how the last one was refused.
  expect(failure).toMatchObject({ kind: 'exit 1', status });
  expect(failure.message).toMatch(says);
  expect(watch.of(target.token).map((seen) => seen.status)).toEqual([200, ...Array(5).fill(status)]);
});

const BREAKS = SDKS.flatMap((client) =>
  STREAMS.map((name) => ({ client: client.name, name, trial: callOf(client, name) })),
);

test.each(BREAKS)('$client, $name: OpenAI breaks off', async ({ client, name, trial }) => {
  const target = await appOf(quick, `${client}-${name}-broken`);
  quick.openai.faults.add({ fault: { kind: 'reset-after-chunks', chunks: 6 } });
  const { message } = await failureOf(trial, target);
  expect(message).toContain('The answer from OpenAI broke off');
  expect(message).toContain('Tollgate did not repeat it and charged its bound');
  expect(quickWatch.of(target.token)).toHaveLength(1);
});

test.concurrent.for(BREAKS)(
  '$client, $name: refused before its first event',
  async ({ client, name, trial }) => {
    const app = `${client}-${name}-capped`;
    const target = await appOf(quick, app, 'usd=0.000001/day');
    const failure = await failureOf(trial, target);
    expect(failure.status).toBe(429);
    expect(failure.message).toContain(`for app "${app}" would be exceeded`);
    const attempts = trial.client.attempts({ status: 429, retry: 'never', isQuota: true });
    expect(quickWatch.of(target.token)).toHaveLength(attempts);
  },
);

test('codex: a stream that OpenAI breaks off is asked for once more, and both are booked', async ({
  skip,
}) => {
  skip(codexCli.unavailable !== null, codexCli.unavailable ?? '');
  const target = await appOf(quick, 'codex-broken');
  quick.openai.faults.add({ fault: { kind: 'reset-after-chunks', chunks: 6 } });
  expect(await codexCli.calls.ask(target, {})).toMatch(/\w/);
  await untilIdle(quick);
  const outcomes = (await ledgerOf(quick, 'codex-broken')).map(({ outcome }) => outcome);
  expect(outcomes).toEqual(['charged-at-bound', 'settled']);
});
