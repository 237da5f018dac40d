import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Client, headersOf, MODEL, type Question, type RetryAdvice, type Target } from './client.ts';
import { packageVersion } from './package-version.ts';

const MODULES = fileURLToPath(new URL('./node_modules/@openai/', import.meta.url));
const PLATFORM_PACKAGE = `codex-${process.platform}-${process.arch}`;
/** Beyond any number of retries that a trial waits for. */
const DEADLINE_MS = 170_000;

export interface CodexRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CodexOptions {
  /** Lines of `config.toml` before its first table. */
  readonly settings?: readonly string[];
  /** Its built-in provider, pointed at the proxy, in place of one of our own. */
  readonly builtIn?: boolean;
}

/** `codex exec PROMPT` in an empty folder, with a CODEX_HOME of its own. */
export async function runCodex(
  target: Target,
  question: Question = {},
  options: CodexOptions = {},
): Promise<CodexRun> {
  const home = await mkdtemp(join(tmpdir(), 'tollgate-codex-'));
  try {
    await writeFile(join(home, 'config.toml'), configFor(target, question, options));
    const args = [join(MODULES, 'codex/bin/codex.js'), 'exec', '--skip-git-repo-check', '--color=never'];
    const child = spawn(process.execPath, [...args, question.prompt ?? 'Say hello'], {
      cwd: home,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        CODEX_HOME: home,
        OPENAI_API_KEY: target.token,
        CODEX_API_KEY: target.token,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const deadline = setTimeout(() => child.kill('SIGTERM'), DEADLINE_MS);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const [exitCode] = (await once(child, 'close')) as [number | null];
    clearTimeout(deadline);
    return { exitCode, stdout: stdout.trim(), stderr };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** The provider of docs/integrations/errors-in-clients.md, and nothing that calls elsewhere than the proxy. */
function configFor(target: Target, question: Question, options: CodexOptions): string {
  const headers = Object.entries(headersOf(target, question));
  const provider = [
    '[model_providers.tollgate]',
    'name = "Tollgate"',
    `base_url = "${target.baseUrl}"`,
    'env_key = "OPENAI_API_KEY"',
    'wire_api = "responses"',
    `http_headers = { ${headers.map(([name, value]) => `"${name}" = "${value}"`).join(', ')} }`,
  ];
  return [
    `model = "${question.model ?? MODEL}"`,
    options.builtIn ? `openai_base_url = "${target.baseUrl}"` : 'model_provider = "tollgate"',
    'check_for_update_on_startup = false',
    ...(options.settings ?? []),
    ...['[analytics]', 'enabled = false'],
    ...['[features]', 'plugins = false', 'apps = false'],
    ...(options.builtIn ? [] : provider),
    '',
  ].join('\n');
}

export class CodexFailure extends Error {
  readonly run: CodexRun;

  constructor(run: CodexRun) {
    super(lastError(run));
    this.run = run;
  }
}

/** The last thing that it says to the person in front of it. */
function lastError({ stderr }: CodexRun): string {
  const said = stderr.split('\n').filter((line) => line.startsWith('ERROR: '));
  return said.at(-1)?.slice('ERROR: '.length) ?? stderr;
}

/** Whether Codex is published for this machine, so that it has to be installed. */
export function hasProgramForThisMachine(): boolean {
  const manifest: unknown = JSON.parse(readFileSync(join(MODULES, 'codex/package.json'), 'utf8'));
  const { optionalDependencies } = manifest as { optionalDependencies: Record<string, string> };
  return Object.hasOwn(optionalDependencies, `@openai/${PLATFORM_PACKAGE}`);
}

const STATUS = /unexpected status (\d{3})|last status: (\d{3})/;

export const codexCli: Client = {
  name: 'codex',
  version: packageVersion('@openai/codex'),
  unavailable: existsSync(join(MODULES, PLATFORM_PACKAGE))
    ? null
    : `Codex has no program for this machine (the package ${PLATFORM_PACKAGE} is not installed)`,
  calls: {
    async ask(target, question) {
      const run = await runCodex(target, question);
      if (run.exitCode !== 0) throw new CodexFailure(run);
      return run.stdout;
    },
  },
  readFailure(error) {
    if (!(error instanceof CodexFailure)) throw error;
    const [, unexpected, last] = STATUS.exec(error.message) ?? [];
    const status = unexpected ?? last;
    return {
      kind: `exit ${error.run.exitCode}`,
      status: status === undefined ? null : Number(status),
      message: error.message,
    };
  },
  // Five times anew, and for a 5xx each of these four times more. It reads retry-after, not x-should-retry.
  attempts({ status, retry, isQuota }) {
    if (status === 400 || isQuota) return 1;
    if (status >= 500) return 30;
    return status === 429 && retry !== 'later' ? 1 : 6;
  },
  hides({ status, isQuota }: RetryAdvice) {
    if (status === 429 && !isQuota) return /^exceeded retry limit, last status: 429/;
    return status === 500 ? /^We’re currently experiencing high demand/ : null;
  },
};
