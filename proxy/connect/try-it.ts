import { spawn } from 'node:child_process';
import { childEnvironment } from './child-environment.ts';
import { findProgram } from './find-program.ts';
import { adaptCommand } from './tool-adapters.ts';
import type { Filling, ToolEntry, TryEntry } from './tool-entry.ts';

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT = 16_000;

export interface TryOutcome {
  readonly ok: boolean;
  readonly command: string;
  readonly output: string;
  readonly durationMs: number;
}

/**
 * Runs a tool for one short request, as `tollgate run` would, in an empty folder of its own or, for what
 * needs packages, where the engine was started. Nothing of the arguments comes from outside.
 */
export async function tryTool(
  tool: ToolEntry & { readonly tryIt: TryEntry },
  filling: Filling,
  options: { readonly env: Readonly<Record<string, string | undefined>>; readonly cwd: string },
): Promise<TryOutcome> {
  const program = tool.program === null ? null : findProgram(tool.program, options.env);
  if (program === null) throw new Error(`${tool.id} is not installed`);
  const { env } = childEnvironment(options.env, filling);
  const { token } = filling;
  const adapted = adaptCommand([program, ...tool.tryIt.args(filling)], env, filling);
  const startedMs = performance.now();
  const { code, output } = await run(adapted.command, adapted.env, options.cwd, tool.tryIt.stdin?.(filling));
  const [, ...args] = adapted.command;
  return {
    ok: code === 0,
    command: masked([tool.program ?? '', ...args].map(quoted).join(' '), token).slice(0, 1_000),
    output: masked(output, token),
    durationMs: Math.round(performance.now() - startedMs),
  };
}

function run(
  [file = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
  stdin: string | undefined,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'], timeout: TIMEOUT_MS });
    let output = '';
    const read = (chunk: Buffer): void => {
      if (output.length < MAX_OUTPUT * 2) output += chunk.toString('utf8');
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    // A program that does not read what it is given is no failure of ours.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin ?? '');
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code, signal) => {
      const text = signal === null ? output : `${output}\n(stopped after ${TIMEOUT_MS / 1000} seconds)`;
      resolve({ code, output: text });
    });
  });
}

/** Without the token, any key, and what moves a terminal's cursor. */
function masked(text: string, token: string): string {
  return text
    .replaceAll(token, 'tg_…')
    .replace(/\b(sk-|tg_)[A-Za-z0-9_-]{8,}/g, '$1…')
    .replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
    .trim()
    .slice(0, MAX_OUTPUT);
}

const quoted = (arg: string): string =>
  /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`;
