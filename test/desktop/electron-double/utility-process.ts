import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Emitter, type EventsOf } from './emitter.ts';
import { obey, tell } from './wire.ts';

type Utility = Pick<Electron.UtilityProcess, 'postMessage' | 'kill' | 'stderr' | 'pid'>;

type UtilityEvents = EventsOf<
  Electron.UtilityProcess,
  { spawn: []; message: [message: unknown]; exit: [code: number] }
>;

const PARENT_PORT = fileURLToPath(new URL('./parent-port.ts', import.meta.url));
let latest: ChildProcess | null = null;

/** A utility process as a plain Node process with a `parentPort`. */
class UtilityProcessDouble extends Emitter<UtilityEvents> implements Utility {
  readonly #child: ChildProcess;

  constructor(modulePath: string, args: readonly string[], { env }: Electron.ForkOptions) {
    super();
    const child = spawn(process.execPath, ['--import', PARENT_PORT, modulePath, ...args], {
      // The one variable of Node's that is not the app's business: where compiled code is kept.
      env: { ...env, NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    latest = child;
    child.once('spawn', () => this.emit('spawn'));
    child.on('message', (message) => this.emit('message', message));
    child.once('exit', (code, signal) => {
      tell('utility-exit', { code, signal });
      this.emit('exit', code ?? 1);
    });
  }

  get stderr(): Utility['stderr'] {
    return this.#child.stderr;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  postMessage(message: unknown): void {
    this.#child.send(message as object);
  }

  kill(): boolean {
    return this.#child.kill('SIGKILL');
  }
}

export const utilityProcess: {
  fork(...args: Parameters<typeof Electron.UtilityProcess.fork>): UtilityProcessDouble;
} = {
  fork(modulePath, args = [], options = {}) {
    const { env, stdio, serviceName } = options;
    tell('utility-fork', { modulePath, stdio, serviceName, env });
    return new UtilityProcessDouble(modulePath, args, options);
  },
};

/** As a crash or the out-of-memory killer ends it. */
obey('engine.kill', () => latest?.kill('SIGKILL'));
obey('engine.pid', () => latest?.pid);
/** Connections of the main process to a socket file: those to the engine. */
obey(
  'engine.connections',
  () => process.getActiveResourcesInfo().filter((kind) => kind === 'PipeWrap').length,
);
