import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ControlClient, connect } from '../../proxy/cli/control-client.ts';
import { type LimitSpec, parseLimit } from '../../proxy/contract/limits.ts';
import type { RequestView } from '../../proxy/contract/requests.ts';
import { demoPrices } from '../../proxy/demo/demo-prices.ts';
import {
  openSimulatedOpenAi,
  type SimulatedOpenAi,
  type SimulatedOpenAiOptions,
} from '../../proxy/demo/simulated-openai.ts';
import { locateHome } from '../../proxy/home.ts';
import { CANARY_KEY } from './open-tollgate.ts';
import { type Served, serveTollgate } from './tollgate-command.ts';

/** A data folder whose engines are processes that can be killed, and an OpenAI that outlives them. */
export interface EngineHome {
  readonly dir: string;
  readonly openai: SimulatedOpenAi;
  /** Starts `tollgate serve` on it; what still runs is killed at the end of the test. */
  start(args?: readonly string[]): Promise<Served>;
  /** Calls the engine that runs over its control socket. */
  control<Result>(use: (client: ControlClient) => Promise<Result>): Promise<Result>;
  createApp(name: string, limits?: readonly string[]): Promise<string>;
  /** The ledger's newest rows, at most 1,000, the oldest first. */
  requests(): Promise<RequestView[]>;
}

export interface EngineHomeOptions {
  readonly openai?: Partial<SimulatedOpenAiOptions>;
  /** In place of the simulated one. */
  readonly upstream?: string;
  /** A folder of the test's own, which it removes. */
  readonly dir?: string;
}

export async function openEngineHome(options: EngineHomeOptions = {}): Promise<EngineHome> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'tollgate-engine-')));
  const openai = await openSimulatedOpenAi({
    key: CANARY_KEY,
    prices: demoPrices,
    tokensPerSecond: 0,
    outputTokens: { min: 5, max: 40 },
    ...options.openai,
  });
  const running: Served[] = [];
  onTestFinished(async () => {
    for (const served of running) await served.stop('SIGKILL');
    await openai.close();
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
  });

  async function control<Result>(use: (client: ControlClient) => Promise<Result>): Promise<Result> {
    const connected = await connect(locateHome({ TOLLGATE_HOME: dir }));
    if (!connected) throw new Error('no engine answers');
    try {
      return await use(connected.client);
    } finally {
      await connected.close();
    }
  }

  return {
    dir,
    openai,
    control,
    async start(args = []) {
      const upstream = options.upstream ?? openai.baseUrl;
      const served = await serveTollgate(['--key-store=env', `--upstream=${upstream}`, ...args], {
        home: dir,
        // The compiled code of all these starts, outside of the folder under test.
        env: { OPENAI_API_KEY: CANARY_KEY, XDG_CACHE_HOME: join(tmpdir(), 'tollgate-test-cache') },
      });
      running.push(served);
      return served;
    },
    async createApp(name, limits = []) {
      const hard = limits.map((text): LimitSpec & { enforce: 'hard' } => ({
        ...parseLimit(text),
        enforce: 'hard',
      }));
      const { token } = await control((client) => client.apps.create({ name, limits: hard }));
      if (token === null) throw new Error('the app has no token');
      return token;
    },
    async requests() {
      const { requests } = await control((client) => client.requests.list({ limit: 1_000 }));
      return requests.reverse();
    },
  };
}

/** A POST of JSON to an engine. */
export function post(
  { baseUrl }: { readonly baseUrl: string },
  token: string,
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${baseUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

export const CHAT = { model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'Say hello' }] };
