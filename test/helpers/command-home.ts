import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoPrices } from '../../proxy/demo/demo-prices.ts';
import { openSimulatedOpenAi, type SimulatedOpenAi } from '../../proxy/demo/simulated-openai.ts';
import { CANARY_KEY } from './open-tollgate.ts';
import { type CommandResult, runTollgate, type Served, serveTollgate } from './tollgate-command.ts';

/** Compiled code, shared by all homes: compiling it anew costs a command a second. */
const COMPILED = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));

export interface HomeCommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
  readonly dashboard?: boolean;
}

/** A folder for the `tollgate` command, and the OpenAI that it talks to. */
export interface CommandHome {
  readonly home: string;
  readonly openai: SimulatedOpenAi;
  /** The environment of its commands beyond the folder: the key, the env key store, the upstream. */
  readonly env: Readonly<Record<string, string>>;
  run(args: readonly string[], options?: HomeCommandOptions): Promise<CommandResult>;
  /** Runs a command with `--json` that must succeed; resolves to what it printed. */
  json<Result>(args: readonly string[], options?: HomeCommandOptions): Promise<Result>;
  serve(args?: readonly string[], options?: HomeCommandOptions): Promise<Served>;
  /** Stops what it has served, closes the simulated OpenAI and removes the folder. */
  close(): Promise<void>;
}

/** Opens a home whose commands keep the key in the environment; the caller closes it. */
export async function openCommandHome(): Promise<CommandHome> {
  const home = await mkdtemp(join(tmpdir(), 'tollgate-cli-'));
  const openai = await openSimulatedOpenAi({
    key: CANARY_KEY,
    prices: demoPrices,
    tokensPerSecond: 0,
    outputTokens: { min: 5, max: 40 },
  });
  const base = {
    OPENAI_API_KEY: CANARY_KEY,
    TOLLGATE_KEY_STORE: 'env',
    TOLLGATE_UPSTREAM: openai.baseUrl,
    XDG_CACHE_HOME: COMPILED,
  };
  const served: Served[] = [];
  const withHome = (options: HomeCommandOptions) => ({ ...options, home, env: { ...base, ...options.env } });
  const run = (args: readonly string[], options: HomeCommandOptions = {}): Promise<CommandResult> =>
    runTollgate(args, withHome(options));
  return {
    home,
    openai,
    env: base,
    run,
    async json<Result>(args: readonly string[], options: HomeCommandOptions = {}): Promise<Result> {
      const { code, stdout, stderr } = await run([...args, '--json'], options);
      if (code !== 0) throw new Error(`tollgate ${args.join(' ')} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout) as Result;
    },
    async serve(args = [], options = {}) {
      const engine = await serveTollgate(args, withHome(options));
      served.push(engine);
      return engine;
    },
    async close() {
      for (const engine of served) await engine.stop();
      await openai.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
