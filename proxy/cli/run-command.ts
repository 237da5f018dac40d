import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { childEnvironment } from '../connect/child-environment.ts';
import { type AdaptedCommand, adaptCommand } from '../connect/tool-adapters.ts';
import { AppError, isErrorCode } from '../contract/errors.ts';
import type { KeyStoreKind } from '../contract/key-words.ts';
import { type LimitSpec, parseLimit } from '../contract/limits.ts';
import { createLocalClient, defaultConfig, locateHome, openKeyStore } from '../index.ts';
import { type ControlClient, connect, type OpenClient } from './control-client.ts';
import { type RunningEngine, startEngine } from './start-engine.ts';
import { ShownError, say, showError } from './terminal.ts';

export interface RunOptions {
  readonly app?: string;
  readonly limit?: string[];
  readonly quiet?: boolean;
  /** False with `--no-adapter`. */
  readonly adapter: boolean;
  readonly keyStore: KeyStoreKind;
  readonly upstream?: string;
  readonly json?: boolean;
}

/** Exit codes of a launcher, as `env` and `docker run` use them; everything else is the child's. */
const CANNOT_EXECUTE = 126;
const NOT_FOUND = 127;

/**
 * Runs a command with a token that lives exactly as long as it does: the engine revokes the token when
 * the stream that carried it is closed, by us or by our death. Returns the exit code.
 */
export async function runCommand(command: readonly string[], options: RunOptions): Promise<number> {
  const limits = (options.limit ?? []).map(parseLimit);
  const engine = await useEngine(options);
  const ended = new AbortController();
  try {
    const app = await resolveApp(engine.client, options);
    await requireKey(engine.client);
    const lease = await engine.client.runs.start({ app, limits }, { signal: ended.signal });
    const first = await lease.next();
    if (first.done) throw new AppError('engine_not_running');
    const { token, baseUrl } = first.value;
    const { env, removed } = childEnvironment(process.env, { baseUrl, token });
    const adapted = options.adapter
      ? adaptCommand(command, env, { baseUrl, token })
      : { command, env, note: null };
    if (!options.quiet) sayWhatWasDone(app, baseUrl, limits, removed, adapted.note);
    sayWhenOver(lease, ended.signal);
    return await runChild(adapted, ended, options.json ?? false);
  } finally {
    ended.abort();
    await engine.close();
  }
}

/** The running engine, or one of our own for as long as the command runs. */
async function useEngine(options: RunOptions): Promise<OpenClient> {
  const home = locateHome(process.env);
  // Opening it takes the key out of the environment, where what runs below us could read it.
  const envStore = await openKeyStore('env', {
    env: process.env,
    dataDir: home.dataDir,
    passphrase: async () => null,
  });
  const connected = await connect(home);
  if (connected) return connected;
  const base = defaultConfig(home);
  const config = {
    ...base,
    dataPlane: { host: '127.0.0.1', port: 0 },
    dashboardPort: null,
    keyStore: options.keyStore,
    upstream: options.upstream ?? base.upstream,
  };
  let running: RunningEngine;
  try {
    running = await startEngine(config, options.keyStore === 'env' ? envStore : undefined);
  } catch (error) {
    // Another engine may have been faster, such as that of a run beside this one.
    const other = error instanceof AppError && error.code === 'engine_running' ? await connect(home) : null;
    if (other) return other;
    throw error;
  }
  const local = await createLocalClient(running.engine.control);
  return {
    client: local.client,
    async close() {
      local.end();
      await running.close();
    },
  };
}

/** A named app must exist; the one of the folder is made when it is first needed. */
async function resolveApp(client: ControlClient, options: RunOptions): Promise<string> {
  if (options.app !== undefined) return (await client.apps.get({ app: options.app })).name;
  const name = nameOfFolder(process.cwd());
  const { apps } = await client.apps.list();
  const known = apps.find((app) => app.name.toLowerCase() === name.toLowerCase());
  if (known) return known.name;
  await client.apps.create({ name, withToken: false });
  if (!options.quiet) {
    say(`tollgate: created app ${name}, without a limit yet (tollgate app set ${name} --limit usd=5/day)`);
  }
  return name;
}

function nameOfFolder(dir: string): string {
  const name = basename(dir)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64)
    .replace(/-+$/, '');
  return name === '' ? 'default' : name;
}

async function requireKey(client: ControlClient): Promise<void> {
  const { state, problem } = await client.keys.status();
  if (state === 'missing') throw new AppError('key_missing');
  if (state === 'rejected') throw new AppError('key_rejected');
  if (state === 'unavailable') {
    const code = isErrorCode(problem?.code) ? problem.code : 'key_unavailable';
    throw new ShownError(code, problem?.message ?? 'The key store cannot be read.', problem?.hint ?? '');
  }
}

function sayWhatWasDone(
  app: string,
  baseUrl: string,
  limits: readonly LimitSpec[],
  removed: readonly string[],
  adapterNote: string | null,
): void {
  const own = limits.length > 0 ? `, ${limits.length} limit(s) of its own` : '';
  say(`tollgate: running as app ${app} through ${baseUrl}${own}`);
  if (adapterNote !== null) say(`tollgate: ${adapterNote} (--no-adapter leaves it alone)`);
  if (removed.length > 0) say(`tollgate: not passed on: ${removed.join(', ')}`);
}

/** The engine of another `run` ends with that run; the command should know why its requests fail. */
function sayWhenOver(lease: AsyncIterator<unknown>, ended: AbortSignal): void {
  const over = (): void => {
    if (!ended.aborted) say('tollgate: the engine has stopped; requests of this command fail from now on');
  };
  lease.next().then(over, over);
}

async function runChild(
  { command, env }: AdaptedCommand,
  ended: AbortController,
  json: boolean,
): Promise<number> {
  const [file = '', ...args] = command;
  // Before the command exists: it may be at work, and be stopped, before `spawn` has returned here.
  const stopForwarding = forwardSignals((signal) => child.kill(signal));
  const child = spawn(file, args, { env, stdio: 'inherit' });
  // The launcher on an old Node holds this channel; without it nobody waits for the command any more.
  process.once('disconnect', () => {
    ended.abort();
    child.kill('SIGTERM');
  });
  process.channel?.unref?.();
  try {
    return await new Promise<number>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        const found = error.code !== 'ENOENT';
        const problem = found ? 'it cannot be executed' : 'it was not found';
        showError(new AppError('command_not_found', { command: file.slice(0, 100), problem }), json);
        resolve(found ? CANNOT_EXECUTE : NOT_FOUND);
      });
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } finally {
    stopForwarding();
  }
}

/** A terminal sends its signals to the child as well; passed on, they would arrive there twice. */
function forwardSignals(kill: (signal: NodeJS.Signals) => void): () => void {
  const onTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY === true);
  const handlers = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const handler = (): void => {
      if (signal === 'SIGTERM' || !onTerminal) kill(signal);
    };
    process.on(signal, handler);
    return [signal, handler] as const;
  });
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}
