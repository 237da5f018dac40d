import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContractRouterClient } from '@orpc/contract';
import OpenAI from 'openai';
import type { AppPolicyPatch } from '../../proxy/contract/apps.ts';
import type { ControlContract } from '../../proxy/contract/control-contract.ts';
import { parseLimit } from '../../proxy/contract/limits.ts';
import { demoPrices } from '../../proxy/demo/demo-prices.ts';
import {
  openSimulatedOpenAi,
  type SimulatedOpenAi,
  type SimulatedOpenAiOptions,
} from '../../proxy/demo/simulated-openai.ts';
import {
  createLocalClient,
  defaultConfig,
  type Engine,
  type EngineConfig,
  locateHome,
  openEngine,
  openKeyStore,
  openLog,
} from '../../proxy/index.ts';

/** Looks like a key, and must never be found where keys do not belong. */
export const CANARY_KEY = 'sk-proj-HeldByTollgateHeldByTollgate9876543210fedcba';

export interface TollgateOptions {
  readonly config?: Partial<EngineConfig>;
  readonly openai?: Partial<SimulatedOpenAiOptions>;
  /** A folder that outlives this engine; without it one is made, and removed at the end. */
  readonly dataDir?: string;
  /** A simulated OpenAI that outlives this engine. */
  readonly upstream?: SimulatedOpenAi;
  readonly now?: () => number;
}

export interface Tollgate {
  readonly engine: Engine;
  readonly openai: SimulatedOpenAi;
  readonly client: ContractRouterClient<ControlContract>;
  /** `http://127.0.0.1:PORT/v1` */
  readonly baseUrl: string;
  readonly port: number;
  readonly dataDir: string;
  /** Creates an app with limits such as `usd=1/day`; resolves to its token. */
  createApp(name: string, limits?: readonly string[], policy?: AppPolicyPatch): Promise<string>;
  /** The official SDK, pointed at the proxy. */
  sdk(token: string, options?: ConstructorParameters<typeof OpenAI>[0]): OpenAI;
  /** A POST of JSON with an app token. */
  post(token: string, path: string, body: unknown, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** A whole engine with a simulated OpenAI behind it, on free ports of this process; the caller closes it. */
export async function openTollgate(options: TollgateOptions = {}): Promise<Tollgate> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'tollgate-test-')));
  const openai =
    options.upstream ??
    (await openSimulatedOpenAi({
      key: CANARY_KEY,
      prices: demoPrices,
      tokensPerSecond: 0,
      outputTokens: { min: 5, max: 40 },
      ...options.openai,
    }));
  const keyStore = await openKeyStore('memory', { env: {}, dataDir, passphrase: async () => null });
  await keyStore.set(Buffer.from(CANARY_KEY));
  const config: EngineConfig = {
    ...defaultConfig(locateHome({ TOLLGATE_HOME: dataDir })),
    dataPlane: { host: '127.0.0.1', port: 0 },
    dashboardPort: null,
    upstream: openai.baseUrl,
    keyStore: 'memory',
    drainMs: 200,
    queueMs: 1_000,
    ...options.config,
  };
  const { prepareHome } = await import('../../proxy/home.ts');
  prepareHome(config.home);
  const log = openLog(config.home.logPath, config.logLevel);
  const engine = await openEngine(config, {
    keyStore,
    logger: log.logger,
    ...(options.now ? { now: options.now } : {}),
  });
  const local = await createLocalClient(engine.control);
  const { client } = local;
  const baseUrl = engine.baseUrl ?? '';
  return {
    engine,
    openai,
    client,
    baseUrl,
    port: Number(new URL(baseUrl || 'http://none').port),
    dataDir,
    async createApp(name, limits = [], policy = {}) {
      const { token } = await client.apps.create({
        name,
        policy,
        limits: limits.map((text) => ({ ...parseLimit(text), enforce: 'hard' as const })),
      });
      if (token === null) throw new Error('the app has no token');
      return token;
    },
    sdk: (token, sdkOptions = {}) => new OpenAI({ baseURL: baseUrl, apiKey: token, ...sdkOptions }),
    post: (token, path, body, init = {}) =>
      fetch(`${baseUrl}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        ...init,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers },
      }),
    async close() {
      local.end();
      await engine.close();
      log.flush();
      if (!options.upstream) await openai.close();
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
