import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ContractRouterClient } from '@orpc/contract';
import type { ControlContract } from '../contract/control-contract.ts';
import { AppError } from '../contract/errors.ts';
import type { KeyStoreKind } from '../contract/key-words.ts';
import { type Home, locateHome } from '../home.ts';
import type { EngineConfig } from '../index.ts';
import { fetchOverSocket, isConnectionLost, isListening } from './control-socket-fetch.ts';
import { askSecret, isAttended, mayAsk } from './prompt.ts';
import { ShownError } from './terminal.ts';

export type ControlClient = ContractRouterClient<ControlContract>;

export interface ClientOptions {
  /** Where the key is kept, when this command opens the home itself. */
  readonly keyStore: KeyStoreKind;
  readonly upstream: string | undefined;
  /** Whether the command is about the key; the others leave the keychain alone. */
  readonly needsKey?: boolean;
  /** Refuse instead of opening the home when no engine runs. */
  readonly needsEngine?: boolean;
}

export interface OpenClient {
  readonly client: ControlClient;
  close(): Promise<void>;
}

/** How long a command waits for another one that has the home for a moment. */
const BUSY_MS = 15_000;
const RETRY_MS = 50;
/** For a prompt of the keychain that somebody has to find and answer. */
const TYPING_MS = 120_000;

/**
 * Runs `use` with a client of the running engine; where none runs, opens the home for the moment. Both
 * speak the same contract.
 */
export async function withClient<Result>(
  options: ClientOptions,
  use: (client: ControlClient) => Promise<Result>,
): Promise<Result> {
  const { client, close } = await openClient(options);
  try {
    return await use(client);
  } catch (error) {
    throw isConnectionLost(error) ? engineGone(error) : error;
  } finally {
    await close();
  }
}

export function engineGone(cause?: unknown): ShownError {
  const hint = 'Start it again with `tollgate serve`.';
  return new ShownError('engine_not_running', 'The engine has stopped.', hint, { cause });
}

async function openClient(options: ClientOptions): Promise<OpenClient> {
  const home = locateHome(process.env);
  return whileBusy(async () => {
    const connected = await connect(home);
    if (connected) return connected;
    if (options.needsEngine) throw new AppError('engine_not_running');
    return openForOneCommand(home, options);
  });
}

/** Repeats what fails because another process has the home, which a short command gives back soon. */
export async function whileBusy<Result>(
  attempt: () => Promise<Result>,
  isWorthWaiting: () => Promise<boolean> = async () => true,
): Promise<Result> {
  const deadline = performance.now() + BUSY_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const isBusy = error instanceof AppError && error.code === 'engine_running';
      if (!isBusy || performance.now() > deadline || !(await isWorthWaiting())) throw error;
    }
    await delay(RETRY_MS);
  }
}

/** A client of the engine that has this home, or null when none answers. */
export async function connect(home: Home): Promise<OpenClient | null> {
  if (process.platform !== 'win32' && !existsSync(home.socketPath)) return null;
  if (!(await isListening(home.socketPath))) return null;
  const [{ createORPCClient }, { RPCLink }] = await Promise.all([
    import('@orpc/client'),
    import('@orpc/client/fetch'),
  ]);
  const link = new RPCLink({
    // The host is never looked up; the request goes to the socket.
    url: 'http://control.local/rpc',
    fetch: (request, _init, { signal }) => fetchOverSocket(home.socketPath, request, signal),
  });
  // Each call has a connection of its own, which ends with it.
  return { client: createORPCClient(link), close: async () => undefined };
}

async function openForOneCommand(home: Home, options: ClientOptions): Promise<OpenClient> {
  const { createLocalClient, defaultConfig, openEngine, silentLog } = await import('../index.ts');
  const base = defaultConfig(home);
  const config: EngineConfig = {
    ...base,
    dataPlane: null,
    dashboardPort: null,
    keyStore: options.keyStore,
    upstream: options.upstream ?? base.upstream,
    logLevel: 'silent',
  };
  keyStore ??= await openStoreForOneCommand(home, options);
  const engine = await openEngine(config, { keyStore, logger: silentLog().logger });
  const local = await createLocalClient(engine.control);
  return {
    client: local.client,
    async close() {
      local.end();
      await engine.close();
    },
  };
}

type KeyStore = Awaited<ReturnType<typeof openStoreForOneCommand>>;
/** Kept over attempts: the env store takes the key out of the environment when it is opened. */
let keyStore: KeyStore | null = null;

async function openStoreForOneCommand(home: Home, options: ClientOptions) {
  const { openKeyStore } = await import('../index.ts');
  const { dataDir } = home;
  return openKeyStore(options.needsKey ? options.keyStore : 'memory', {
    env: process.env,
    dataDir,
    passphrase: async () => {
      const given = await passphraseIfGiven();
      if (given) return given;
      throw new AppError('input_needed', {
        what: 'the passphrase of the key file, typed in a terminal or in TOLLGATE_PASSPHRASE',
      });
    },
    ...(isAttended() ? { mayPrompt: true, timeoutMs: TYPING_MS } : {}),
  });
}

/** For the file key store: from the environment of this process, once, or typed. */
export async function passphraseIfGiven(): Promise<Buffer | null> {
  const given = process.env['TOLLGATE_PASSPHRASE'];
  delete process.env['TOLLGATE_PASSPHRASE'];
  if (given !== undefined) passphrase = Buffer.from(given, 'utf8');
  else if (!passphrase && mayAsk()) {
    passphrase = Buffer.from(await askSecret('Passphrase of the key file: ', 'a passphrase'), 'utf8');
  }
  return passphrase && Buffer.from(passphrase);
}

/** Kept for the life of the process: the key file is read again when the key is needed again. */
let passphrase: Buffer | null = null;
