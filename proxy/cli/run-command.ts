import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { KeyStoreKind } from '../contract/key-words.ts';
import { type LimitSpec, parseLimit } from '../contract/limits.ts';
import { createLocalClient, defaultConfig, locateHome } from '../index.ts';
import { childEnvironment } from './child-environment.ts';
import { type ControlClient, connect } from './control-client.ts';
import { startEngine } from './start-engine.ts';
import { say, showError } from './terminal.ts';

export interface RunOptions {
  readonly app?: string;
  readonly limit?: string[];
  readonly quiet?: boolean;
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
    if (!options.quiet) sayWhatWasDone(app, baseUrl, limits, removed);
    return await runChild(command, env, options.json ?? false);
  } finally {
    ended.abort();
    await engine.close();
  }
}

interface UsedEngine {
  readonly client: ControlClient;
  close(): Promise<void>;
}

/** The running engine, or one of our own for as long as the command runs. */
async function useEngine(options: RunOptions): Promise<UsedEngine> {
  const home = locateHome(process.env);
  const connected = await connect(home);
  if (connected) return connected;
  const base = defaultConfig(home);
  const running = await startEngine({
    ...base,
    dataPlane: { host: '127.0.0.1', port: 0 },
    dashboardPort: null,
    keyStore: options.keyStore,
    upstream: options.upstream ?? base.upstream,
  });
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
    .slice(0, 64);
  return name === '' ? 'default' : name;
}

async function requireKey(client: ControlClient): Promise<void> {
  const { state, problem } = await client.keys.status();
  if (state === 'missing') throw new AppError('key_missing');
  if (state === 'rejected') throw new AppError('key_rejected');
  if (state === 'unavailable') {
    throw new AppError('key_unavailable', { problem: problem?.message ?? 'the store cannot be read' });
  }
}

function sayWhatWasDone(
  app: string,
  baseUrl: string,
  limits: readonly LimitSpec[],
  removed: readonly string[],
): void {
  const own = limits.length > 0 ? `, ${limits.length} limit(s) of its own` : '';
  say(`tollgate: running as app ${app} through ${baseUrl}${own}`);
  if (removed.length > 0) say(`tollgate: not passed on: ${removed.join(', ')}`);
}

async function runChild(
  command: readonly string[],
  env: Record<string, string>,
  json: boolean,
): Promise<number> {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { env, stdio: 'inherit' });
  const stopForwarding = forwardSignals(child);
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
function forwardSignals(child: ChildProcess): () => void {
  const onTerminal = process.stdin.isTTY === true;
  const handlers = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const handler = (): void => {
      if (signal === 'SIGTERM' || !onTerminal) child.kill(signal);
    };
    process.on(signal, handler);
    return [signal, handler] as const;
  });
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}
