/**
 * The process that the engine runs in, started by the main process with `utilityProcess.fork`. It is told
 * one thing, to stop, and tells whether the engine is ready; everything else goes over the control socket,
 * as for any other client.
 */
import { AppError } from '../proxy/contract/errors.ts';
import {
  describePortOwner,
  type Engine,
  locateHome,
  openEngine,
  openKeyStore,
  openLog,
  prepareHome,
  readSettings,
} from '../proxy/index.ts';
import { engineConfig } from './engine-config.ts';
import { type EngineReport, engineOrderSchema } from './engine-messages.ts';
import { toProblem } from './engine-problem.ts';

/** Until the main process has read why and ends this one. */
const FAREWELL_MS = 2_000;

// Ctrl-C in a terminal reaches the whole group; the main process is the one that decides.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

const report = (message: EngineReport): void => process.parentPort.postMessage(message);

try {
  const { engine, flush } = await open();
  const stop = (): void => {
    void engine.close().then(() => {
      flush();
      process.exit(0);
    });
  };
  process.once('SIGTERM', stop);
  process.parentPort.once('message', ({ data }) => {
    engineOrderSchema.parse(data);
    stop();
  });
  report({ kind: 'ready' });
} catch (error) {
  report({ kind: 'failed', problem: toProblem(withPortOwner(error)) });
  setTimeout(() => process.exit(1), FAREWELL_MS);
}

async function open(): Promise<{ engine: Engine; flush(): void }> {
  const home = locateHome(process.env);
  prepareHome(home);
  const config = engineConfig(home, process.env, readSettings(home.dataDir).engine);
  const { logger, flush } = openLog(home.logPath, config.logLevel);
  // A bug in one request must not end the others; what it held is charged at its bound.
  process.on('uncaughtException', (error) => logger.error({ err: error }, 'uncaught exception'));
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'));
  const keyStore = await openKeyStore(config.keyStore, {
    env: process.env,
    dataDir: home.dataDir,
    passphrase: takePassphrase(),
  });
  return { engine: await openEngine(config, { keyStore, logger }), flush };
}

/** For the file store: from the environment of this process, which forgets it. */
function takePassphrase(): () => Promise<Buffer | null> {
  const given = process.env['TOLLGATE_PASSPHRASE'];
  delete process.env['TOLLGATE_PASSPHRASE'];
  return async () => (given === undefined ? null : Buffer.from(given, 'utf8'));
}

function withPortOwner(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'port_in_use') return error;
  const owner = describePortOwner(Number(error.details['port']));
  return new AppError('port_in_use', { ...error.details, owner }, { cause: error });
}
