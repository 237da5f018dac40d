import { fileURLToPath } from 'node:url';
import { utilityProcess } from 'electron';
import { type EngineOrder, type EngineReport, engineReportSchema } from './engine-messages.ts';
import { APP_NAME } from './identity.ts';

/** The engine in a process of its own, as far as its host needs it. */
export interface EngineChild {
  /** What the engine tells; `gone` is the last. */
  onReport(listen: (report: EngineReport | EngineGone) => void): void;
  /** Asks it to finish what is under way and to end. */
  stop(): void;
  /** Ends it now. What it held is charged when the next one starts. */
  kill(): void;
}

export interface EngineGone {
  readonly kind: 'gone';
  readonly code: number;
  /** The end of what it wrote to stderr. */
  readonly lastWords: string;
}

const MAX_LAST_WORDS = 2_000;

/** Starts the engine; `env` is its whole environment. */
export function forkEngine(env: Readonly<Record<string, string>>): EngineChild {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const child = utilityProcess.fork(
    fileURLToPath(new URL(`./engine-process.${extension}`, import.meta.url)),
    [],
    { env: { ...env }, stdio: ['ignore', 'ignore', 'pipe'], serviceName: `${APP_NAME} engine` },
  );
  let lastWords = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    lastWords = `${lastWords}${chunk.toString()}`.slice(-MAX_LAST_WORDS);
  });
  const send = (order: EngineOrder): void => child.postMessage(order);
  return {
    onReport(listen) {
      child.on('message', (message: unknown) => listen(engineReportSchema.parse(message)));
      child.on('exit', (code) => listen({ kind: 'gone', code, lastWords }));
    },
    stop: () => send({ kind: 'stop' }),
    kill: () => {
      child.kill();
    },
  };
}
