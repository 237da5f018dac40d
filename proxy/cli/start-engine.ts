import type { Engine, EngineConfig } from '../index.ts';
import { openEngine, openKeyStore, openLog } from '../index.ts';
import { askPassphrase } from './control-client.ts';
import { say } from './terminal.ts';

export interface RunningEngine {
  readonly engine: Engine;
  close(): Promise<void>;
}

/** Opens an engine with its log and key store, as `serve` and `run` need one. */
export async function startEngine(
  config: EngineConfig,
  keyStore?: Parameters<typeof openEngine>[1]['keyStore'],
): Promise<RunningEngine> {
  const { prepareHome } = await import('../home.ts');
  prepareHome(config.home);
  const log = openLog(config.home.logPath, config.logLevel);
  const store =
    keyStore ??
    (await openKeyStore(config.keyStore, {
      env: process.env,
      dataDir: config.home.dataDir,
      passphrase: askPassphrase,
    }));
  // A bug in one request must not end the others; what it held is charged at its bound.
  process.on('uncaughtException', (error) => log.logger.error({ err: error }, 'uncaught exception'));
  process.on('unhandledRejection', (error) => log.logger.error({ err: error }, 'unhandled rejection'));
  const engine = await openEngine(config, { keyStore: store, logger: log.logger });
  return {
    engine,
    async close() {
      await engine.close();
      log.flush();
    },
  };
}

/**
 * Waits for a signal to stop, or for the end of the launcher that started this process. A second signal
 * ends at once.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (): void => {
      if (stopping) process.exit(130);
      stopping = true;
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
  } else say('Key        none yet; next step: npx tollgate key set');
}
