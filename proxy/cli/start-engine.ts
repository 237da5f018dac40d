import { AppError } from '../contract/errors.ts';
import { prepareHome } from '../home.ts';
import type { Engine, EngineConfig } from '../index.ts';
import { openEngine, openKeyStore, openLog } from '../index.ts';
import { passphraseIfGiven, whileBusy } from './control-client.ts';
import { isListening } from './control-socket-fetch.ts';
import { describePortOwner } from './port-owner.ts';
import { ownName, say } from './terminal.ts';

export interface RunningEngine {
  readonly engine: Engine;
  close(): Promise<void>;
}

type KeyStore = Parameters<typeof openEngine>[1]['keyStore'];

/**
 * Opens an engine with its log and key store, as `serve` and `run` need one; the caller closes it.
 * @throws AppError those of `openEngine`; `port_in_use` names the owner where that can be found
 */
export async function startEngine(config: EngineConfig, ownStore?: KeyStore): Promise<RunningEngine> {
  const { home } = config;
  prepareHome(home);
  const log = openLog(home.logPath, config.logLevel);
  const keyStore =
    ownStore ??
    (await openKeyStore(config.keyStore, {
      env: process.env,
      dataDir: home.dataDir,
      passphrase: passphraseIfGiven,
    }));
  // A bug in one request must not end the others; what it held is charged at its bound.
  process.on('uncaughtException', (error) => log.logger.error({ err: error }, 'uncaught exception'));
  process.on('unhandledRejection', (error) => log.logger.error({ err: error }, 'unhandled rejection'));
  try {
    const engine = await whileBusy(
      () => openEngine(config, { keyStore, logger: log.logger }),
      // A command gives the home back soon; an engine that listens has come to stay.
      async () => !(await isListening(home.socketPath)),
    );
    return {
      engine,
      async close() {
        await engine.close();
        log.flush();
      },
    };
  } catch (error) {
    throw withPortOwner(error);
  }
}

function withPortOwner(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'port_in_use') return error;
  const owner = describePortOwner(Number(error.details['port']));
  return new AppError('port_in_use', { ...error.details, owner }, { cause: error });
}

/** Signals of one Ctrl-C: a terminal sends it to every process of `npx tollgate`, and npx passes it on. */
const SAME_SIGNAL_MS = 500;

/**
 * Waits for a signal to stop, or for the end of the launcher that started this process. A second signal
 * after a moment ends at once.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let stoppedAtMs = Number.POSITIVE_INFINITY;
    const stop = (): void => {
      const nowMs = performance.now();
      if (nowMs - stoppedAtMs > SAME_SIGNAL_MS) process.exit(130);
      stoppedAtMs = Math.min(stoppedAtMs, nowMs);
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    if (process.channel) {
      process.once('disconnect', stop);
      process.channel.unref?.();
    }
  });
}

/** Says what a person who has just started the engine should know about the key. */
export async function sayKeyState(engine: Engine): Promise<void> {
  const { keys, keyStore } = engine.control;
  await keys.recover();
  const { state } = keys;
  if (state.status === 'ready') say(`Key        ready (${keyStore.backend})`);
  else if (state.status === 'unavailable') {
    say(`Key        ${state.error.message}\n           hint: ${state.error.hint}`);
  } else say(`Key        none yet; next step: ${ownName()} key set`);
}
