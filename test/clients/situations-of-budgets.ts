import { parseLimit } from '../../proxy/contract/limits.ts';
import type { Tollgate } from '../helpers/open-tollgate.ts';
import { EMBEDDING_MODEL, MODEL } from './client.ts';
import { engineScene, type Prepare, type Situation } from './scene.ts';

const TINY = 'usd=0.000001/day';
const CHAT = { model: MODEL, messages: [{ role: 'user', content: 'Hi' }] };

const withLimits =
  (...limits: string[]): Prepare =>
  async (tollgate, app) => ({ token: await tollgate.createApp(app, limits) });

async function useUp(tollgate: Tollgate, token: string, path: string, body: object): Promise<void> {
  const answer = await tollgate.post(token, path, body);
  if (!answer.ok) throw new Error(`the first request was refused: ${await answer.text()}`);
}

/** A run whose limit is tiny; it ends with the engine. */
async function startRun(tollgate: Tollgate, app: string): Promise<string> {
  await tollgate.createApp(app);
  const run = await tollgate.client.runs.start({ app, limits: [parseLimit('usd=0.000001/total')] });
  const first = await run.next();
  if (first.done) throw new Error('the run did not start');
  return first.value.token;
}

/** A stream of this app's that lasts until it is told to end. */
async function occupy(tollgate: Tollgate, token: string, more: object = {}): Promise<() => void> {
  const stop = new AbortController();
  tollgate.openai.faults.add({ fault: { kind: 'hang-after-chunks', chunks: 1 } });
  const body = { ...CHAT, stream: true, ...more };
  const { body: stream } = await tollgate.post(token, '/chat/completions', body, { signal: stop.signal });
  await stream?.getReader().read();
  return () => stop.abort();
}

export const BUDGET_SITUATIONS: readonly Situation[] = [
  {
    code: 'quota_exceeded',
    title: 'the USD limit of an app',
    says: (app) => `for app "${app}" would be exceeded`,
    open: engineScene(withLimits(TINY)),
  },
  {
    code: 'quota_exceeded',
    title: 'the token limit of an app',
    says: (app) => `Limit of 5 tokens per hour for app "${app}" would be exceeded`,
    open: engineScene(withLimits('tokens=5/hour')),
  },
  {
    code: 'quota_exceeded',
    title: 'the request limit of an app, used up',
    says: () => 'Limit of 1 request in total',
    open: engineScene(async (tollgate, app) => {
      const token = await tollgate.createApp(app, ['requests=1/total']);
      await useUp(tollgate, token, '/embeddings', { model: EMBEDDING_MODEL, input: 'a' });
      return { token };
    }),
  },
  {
    code: 'quota_exceeded',
    title: 'a limit of the whole key',
    says: () => 'for the whole key would be exceeded',
    open: engineScene(withLimits(), {}, async ({ client }) => {
      await client.limits.set({ limits: [{ ...parseLimit(TINY), enforce: 'hard' }] });
    }),
  },
  {
    code: 'quota_exceeded',
    title: 'a limit of each end user',
    says: (app) => `for each user of app "${app}" would be exceeded`,
    open: engineScene(async (tollgate, app) => ({
      token: await tollgate.createApp(app, [], { perUser: [parseLimit(TINY)] }),
      question: { user: 'ada' },
    })),
  },
  {
    code: 'quota_exceeded',
    title: 'a limit of each client address',
    says: (app) => `for each client address of app "${app}" would be exceeded`,
    open: engineScene(async (tollgate, app) => ({
      token: await tollgate.createApp(app, [], { perIp: [parseLimit(TINY)] }),
    })),
  },
  {
    code: 'quota_exceeded',
    title: 'the limit of a run',
    says: () => 'for this run would be exceeded',
    open: engineScene(async (tollgate, app) => ({ token: await startRun(tollgate, app) })),
  },
  {
    code: 'rate_limited',
    title: 'too many requests a minute',
    passes: true,
    open: engineScene(async (tollgate, app) => {
      // One more every thirty seconds: who waits less than it is told asks more than twice.
      const token = await tollgate.createApp(app, [], { rpm: 2 });
      const asked = Array.from({ length: 2 }, () => tollgate.post(token, '/moderations', { input: 'hi' }));
      await Promise.all(asked);
      return { token };
    }),
  },
  {
    code: 'rate_limited',
    title: 'too many model tokens a minute',
    passes: true,
    open: engineScene(async (tollgate, app) => {
      const token = await tollgate.createApp(app, [], { tpm: 60_000 });
      // What a request may use counts until it has ended; there is room for the prompt after seven seconds.
      const relent = await occupy(tollgate, token, { max_completion_tokens: 59_900 });
      return { token, question: { prompt: 'Hello! '.repeat(4_000) }, relent };
    }),
  },
  {
    code: 'concurrency_limited',
    title: 'too many requests at once, for a moment',
    passes: true,
    open: engineScene(async (tollgate, app) => {
      const token = await tollgate.createApp(app, [], { concurrency: 1 });
      return { token, relent: await occupy(tollgate, token) };
    }),
  },
  {
    code: 'concurrency_limited',
    title: 'too many requests at once, for long',
    says: (app) => `App "${app}" already has 1 request in flight`,
    open: engineScene(async (tollgate, app) => {
      const token = await tollgate.createApp(app, [], { concurrency: 1 });
      await occupy(tollgate, token);
      return { token };
    }),
  },
];
