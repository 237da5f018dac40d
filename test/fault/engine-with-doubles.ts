import { onTestFinished } from 'vitest';
import type { ControlClient } from '../../proxy/cli/control-client.ts';
import { demoPrices } from '../../proxy/demo/demo-prices.ts';
import {
  openSimulatedOpenAi,
  type SimulatedOpenAi,
  type SimulatedOpenAiOptions,
} from '../../proxy/demo/simulated-openai.ts';
import {
  createLocalClient,
  defaultConfig,
  type EngineConfig,
  locateHome,
  openEngine,
  silentLog,
} from '../../proxy/index.ts';
import type { KeyStore } from '../../proxy/keys/key-store.ts';
import type { Logger } from '../../proxy/log.ts';
import { CHAT } from '../helpers/engine-home.ts';
import { temporaryDir } from '../helpers/ledger-files.ts';
import { KEY_A, ScriptedStore } from '../unit/keys/key-ring-fixture.ts';

export interface EngineWithDoubles {
  readonly openai: SimulatedOpenAi;
  readonly client: ControlClient;
  readonly port: number;
  /** A token of the app `tool`, which has a USD limit. */
  readonly token: string;
  /** A chat with that token. */
  send(more?: object): Promise<Response>;
}

/** An engine of this process whose key store and log are the test's; closed with the test. */
export async function openEngineWithDoubles(
  doubles: { keyStore?: KeyStore; logger?: Logger } = {},
  config: Partial<EngineConfig> = {},
  simulation: Partial<SimulatedOpenAiOptions> = {},
  now: () => number = Date.now,
): Promise<EngineWithDoubles> {
  const openai = await openSimulatedOpenAi({
    key: KEY_A,
    prices: demoPrices,
    tokensPerSecond: 0,
    outputTokens: { min: 5, max: 40 },
    ...simulation,
  });
  const engine = await openEngine(
    {
      ...defaultConfig(locateHome({ TOLLGATE_HOME: temporaryDir() })),
      dataPlane: { host: '127.0.0.1', port: 0 },
      dashboardPort: null,
      upstream: openai.baseUrl,
      keyStore: 'memory',
      drainMs: 200,
      ...config,
    },
    { keyStore: doubles.keyStore ?? new ScriptedStore(), logger: doubles.logger ?? silentLog().logger, now },
  );
  const { client, end } = await createLocalClient(engine.control);
  onTestFinished(async () => {
    end();
    await engine.close();
    await openai.close();
  });
  const usd = { metric: 'usd', amount: 1_000_000_000, window: 'day', enforce: 'hard' } as const;
  const { token } = await client.apps.create({ name: 'tool', limits: [usd] });
  if (token === null) throw new Error('the app has no token');
  return {
    openai,
    client,
    token,
    port: Number(new URL(engine.baseUrl ?? '').port),
    send: (more = {}) =>
      fetch(`${engine.baseUrl}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...CHAT, ...more }),
      }),
  };
}
