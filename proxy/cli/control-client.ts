import { existsSync } from 'node:fs';
import type { ContractRouterClient } from '@orpc/contract';
import type { ControlContract } from '../contract/control-contract.ts';
import { AppError } from '../contract/errors.ts';
import type { KeyStoreKind } from '../contract/key-words.ts';
import { type Home, locateHome } from '../home.ts';
import type { Engine, EngineConfig } from '../index.ts';
import { askSecret } from './prompt.ts';

export type ControlClient = ContractRouterClient<ControlContract>;

export interface ClientOptions {
  /** Where the key is kept, when this command opens the home itself. */
  readonly keyStore: KeyStoreKind;
  readonly upstream: string | undefined;
  /** Refuse instead of opening the home when no engine runs. */
  readonly needsEngine?: boolean;
}

/**
 * Runs `use` with a client of the running engine; where none runs, opens the home for the moment. Both
 * speak the same contract.
 */
export async function withClient<Result>(
  options: ClientOptions,
  use: (client: ControlClient) => Promise<Result>,
): Promise<Result> {
  const home = locateHome(process.env);
  const connected = await connect(home);
  if (connected) {
    try {
      return await use(connected.client);
    } finally {
      await connected.close();
    }
  }
  if (options.needsEngine) throw new AppError('engine_not_running');
  const { createLocalClient } = await import('../index.ts');
  const engine = await openForOneCommand(home, options);
  const local = await createLocalClient(engine.control);
  try {
    return await use(local.client);
  } finally {
    local.end();
    await engine.close();
  }
}

/** A client of the engine that has this home, or null when none answers. */
export async function connect(home: Home): Promise<{ client: ControlClient; close(): Promise<void> } | null> {
  if (process.platform !== 'win32' && !existsSync(home.socketPath)) return null;
  const [{ createORPCClient }, { RPCLink }, { Agent, fetch: fetchOver }] = await Promise.all([
    import('@orpc/client'),
    import('@orpc/client/fetch'),
    import('undici'),
  ]);
  const agent = new Agent({ connect: { socketPath: home.socketPath } });
  const link = new RPCLink({
    // The host is never looked up; the agent dials the socket.
    url: 'http://control.local/rpc',
    // Node's own fetch takes no agent of the package, so the package's own is used, with plain parts.
    fetch: async (request, init) => {
      const body = request.method === 'GET' ? null : await request.arrayBuffer();
      const headers = [...request.headers] as [string, string][];
      const { method, signal, url } = request;
      const answer = await fetchOver(url, { ...init, method, headers, body, signal, dispatcher: agent });
      return answer as unknown as Response;
    },
  });
  const client: ControlClient = createORPCClient(link);
  try {
    await client.engine.status();
  } catch (error) {
    await agent.destroy();
    if (isNobodyThere(error)) return null;
    throw error;
  }
  return { client, close: () => agent.destroy() };
}

/** A socket without a listener is what an engine that was killed leaves behind. */
function isNobodyThere(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'UND_ERR_SOCKET') return true;
  }
  return false;
}

async function openForOneCommand(home: Home, options: ClientOptions): Promise<Engine> {
  const { defaultConfig, openEngine, openKeyStore, silentLog } = await import('../index.ts');
  const base = defaultConfig(home);
  const config: EngineConfig = {
    ...base,
    dataPlane: null,
    dashboardPort: null,
    keyStore: options.keyStore,
    upstream: options.upstream ?? base.upstream,
    logLevel: 'silent',
  };
  const keyStore = await openKeyStore(options.keyStore, {
    env: process.env,
    dataDir: home.dataDir,
    passphrase: askPassphrase,
    mayPrompt: true,
  });
  return openEngine(config, { keyStore, logger: silentLog().logger });
}

/** For the file key store: from the environment of this process, once, or typed. */
export async function askPassphrase(): Promise<Buffer | null> {
  const given = process.env['TOLLGATE_PASSPHRASE'];
  delete process.env['TOLLGATE_PASSPHRASE'];
  if (given !== undefined) passphrase = Buffer.from(given, 'utf8');
  else if (!passphrase && process.stdin.isTTY) {
    passphrase = Buffer.from(await askSecret('Passphrase of the key file: ', 'a passphrase'), 'utf8');
  }
  return passphrase && Buffer.from(passphrase);
}

/** Kept for the life of the process: the key file is read again when the key is needed again. */
let passphrase: Buffer | null = null;
