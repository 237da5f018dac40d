import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { describe } from 'vitest';
import { problemOf } from '../../proxy/contract/errors.ts';
import { loadKeytar } from '../../proxy/keys/keytar-library.ts';

/**
 * A real Secret Service without a desktop: a D-Bus session and a gnome-keyring of their own, in a
 * temporary home. keytar takes the bus from the environment of its process, so whatever is to use this
 * keyring runs as a child with `env`.
 *
 * The bus can start nothing but a stand-in for the unlock prompt, which leaves a mark: that is how a test
 * sees that somebody would have been asked.
 */
const PASSWORD = 'the password of a keyring for tests';
const PROGRAMS = ['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon', 'secret-tool'];
const START_TIMEOUT_MS = 15_000;

export interface KeyringOptions {
  /** Without gnome-keyring: a bus that nobody provides secrets on. */
  readonly service?: boolean;
  /** With a default keyring that has no password, as people with an automatic login have. */
  readonly blank?: boolean;
  /** What the stand-in for the unlock prompt does: give up at once, or wait for an answer nobody gives. */
  readonly prompt?: 'fails' | 'hangs';
}

/** Why no keyring can be started on this machine, or null when one can. */
export function keyringReason(): string | null {
  if (process.platform !== 'linux') return 'a Secret Service runs on Linux only';
  const missing = PROGRAMS.filter((program) => !isInstalled(program));
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  try {
    loadKeytar();
    return null;
  } catch (error) {
    return problemOf(error);
  }
}

/** `describe` for tests that need a real keyring; says why it leaves them out where there can be none. */
export function describeWithKeyring(name: string, tests: () => void): void {
  const reason = keyringReason();
  if (reason !== null) process.stderr.write(`skipped "${name}": ${reason}\n`);
  describe.skipIf(reason !== null)(name, tests);
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error) return false;
      throw error;
    }
  });
}

export class Keyring {
  /** The whole environment of a process that is to use this keyring. */
  readonly env: Readonly<Record<string, string>>;
  readonly dir: string;
  readonly #bus: ChildProcess;
  readonly #blank: boolean;
  #secrets: ChildProcess | null = null;

  private constructor(dir: string, env: Record<string, string>, bus: ChildProcess, blank: boolean) {
    this.dir = dir;
    this.env = env;
    this.#bus = bus;
    this.#blank = blank;
  }

  /** Everything runs and the keyring is unlocked (but for `blank`) when this resolves; `stop` removes it. */
  static async start(options: KeyringOptions = {}): Promise<Keyring> {
    const dir = await mkdtemp(join(tmpdir(), 'tollgate-keyring-'));
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: join(dir, 'home'),
      XDG_RUNTIME_DIR: join(dir, 'run'),
      DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(dir, 'bus')}`,
    };
    await mkdir(env.HOME);
    await mkdir(env.XDG_RUNTIME_DIR, { mode: 0o700 });
    await writeBusFiles(dir, options.prompt ?? 'fails');
    const bus = spawn(
      'dbus-daemon',
      ['--nofork', '--nopidfile', '--print-address=1', `--config-file=${dir}/bus.conf`],
      { env, stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const keyring = new Keyring(dir, env, bus, options.blank ?? false);
    if (options.blank) await writeBlankKeyring(env.HOME);
    try {
      await once(bus.stdout, 'data', { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
      if (options.service ?? true) await keyring.#startSecrets();
      return keyring;
    } catch (error) {
      await keyring.stop();
      throw error;
    }
  }

  /** Whether the person would have been asked to unlock the keyring. */
  get prompted(): boolean {
    return existsSync(join(this.dir, 'prompted'));
  }

  async lock(): Promise<void> {
    const collection = '/org/freedesktop/secrets/collection/login';
    await this.#send('/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.Lock', [
      `array:objpath:${collection}`,
    ]);
  }

  /** By starting the service anew with the password, as a login does. */
  async unlock(): Promise<void> {
    await this.killService();
    await this.#startSecrets();
  }

  /** As on a machine where nobody ever logged in: a service, and no keyring in it. */
  async startWithoutKeyring(): Promise<void> {
    this.#secrets = spawn('gnome-keyring-daemon', ['--foreground', '--components=secrets'], {
      env: this.env,
      stdio: 'ignore',
    });
    const deadlineMs = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      const alias = this.#send('/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.ReadAlias', [
        'string:default',
      ]);
      const reply = await alias.catch((error: unknown) => problemOf(error));
      if (reply.includes('object path "/"')) return;
      if (performance.now() > deadlineMs) throw new Error(`gnome-keyring did not start: ${reply}`);
      await delay(20);
    }
  }

  async killService(): Promise<void> {
    await end(this.#secrets);
    this.#secrets = null;
  }

  /** The service stays on the bus and never answers, until `thaw`. */
  freeze(): void {
    this.#secrets?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#secrets?.kill('SIGCONT');
  }

  /** Runs secret-tool: another program of the same user. Resolves to what it printed. */
  async tool(args: readonly string[], input = ''): Promise<string> {
    return run('secret-tool', args, this.env, input);
  }

  /** Starts a TypeScript file under Node with this keyring, to be asked one JSON line at a time. */
  node(script: string, env: Readonly<Record<string, string | undefined>> = {}): LineClient {
    return new LineClient(script, { ...this.env, ...env });
  }

  async stop(): Promise<void> {
    await this.killService();
    await end(this.#bus);
    await this.#endPrompt();
    await rm(this.dir, { recursive: true, force: true });
  }

  /** The bus started it, so nobody else ends it. */
  async #endPrompt(): Promise<void> {
    if (!this.prompted) return;
    try {
      process.kill(Number(await readFile(join(this.dir, 'prompted'), 'utf8')), 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }

  async #startSecrets(): Promise<void> {
    const unlock = this.#blank ? [] : ['--unlock'];
    const secrets = spawn('gnome-keyring-daemon', ['--foreground', ...unlock, '--components=secrets'], {
      env: this.env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#secrets = secrets;
    secrets.stdin.end(PASSWORD);
    const deadlineMs = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      const reply = await this.#send(
        '/org/freedesktop/secrets/aliases/default',
        'org.freedesktop.DBus.Properties.Get',
        ['string:org.freedesktop.Secret.Collection', 'string:Locked'],
      ).catch((error: unknown) => problemOf(error));
      if (reply.includes(`boolean ${this.#blank}`)) return;
      if (performance.now() > deadlineMs) throw new Error(`gnome-keyring did not start: ${reply}`);
      await delay(20);
    }
  }

  #send(path: string, member: string, args: readonly string[]): Promise<string> {
    const fixed = ['--session', '--print-reply', '--dest=org.freedesktop.secrets', path, member];
    return run('dbus-send', [...fixed, ...args], this.env, '');
  }
}

/** A child process that answers each JSON line on its stdin with one on its stdout. */
export class LineClient {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #exited: Promise<unknown[]>;
  #stderr = '';

  constructor(script: string, env: Readonly<Record<string, string | undefined>>) {
    const child = spawn(process.execPath, [script], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    this.#exited = once(child, 'exit');
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
    child.stdin.on('error', (error) => {
      this.#stderr += error.message;
    });
  }

  get stderr(): string {
    return this.#stderr;
  }

  async ask<T>(question: unknown): Promise<T> {
    this.#child.stdin?.write(`${JSON.stringify(question)}\n`);
    const answer = await this.#answers.next();
    if (answer.done) {
      const [code, signal] = await this.#exited;
      throw new Error(`the child ended (${code ?? signal}): ${this.#stderr}`);
    }
    return JSON.parse(answer.value) as T;
  }

  /** Ends its input, and resolves to its exit code (or the signal that ended it) and how long it took. */
  async close(): Promise<{ readonly exit: unknown; readonly tookMs: number }> {
    const startMs = performance.now();
    this.#child.stdin?.end();
    const [code, signal] = await this.#exited;
    return { exit: code ?? signal, tookMs: performance.now() - startMs };
  }
}

/** gnome-keyring's own format for a keyring with an empty password. */
async function writeBlankKeyring(home: string): Promise<void> {
  const folder = join(home, '.local/share/keyrings');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'default'), 'blank');
  await writeFile(
    join(folder, 'blank.keyring'),
    '[keyring]\ndisplay-name=blank\nctime=0\nmtime=0\nlock-on-idle=false\nlock-after=false\n',
  );
}

async function writeBusFiles(dir: string, prompt: 'fails' | 'hangs'): Promise<void> {
  const services = join(dir, 'services');
  const prompter = join(dir, 'prompter.sh');
  await mkdir(services);
  // Started by the bus when gnome-keyring wants to ask for the password. It never takes the name.
  await writeFile(
    prompter,
    `#!/bin/sh\necho $$ > ${dir}/prompted\n${prompt === 'hangs' ? 'exec sleep 20' : 'exit 1'}\n`,
  );
  await chmod(prompter, 0o700);
  await writeFile(
    join(services, 'org.gnome.keyring.SystemPrompter.service'),
    `[D-BUS Service]\nName=org.gnome.keyring.SystemPrompter\nExec=${prompter}\n`,
  );
  await writeFile(
    join(dir, 'bus.conf'),
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${dir}/bus</listen>
  <auth>EXTERNAL</auth>
  <servicedir>${services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`,
  );
}

async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input: string,
): Promise<string> {
  const child = spawn(program, args, { env, stdio: 'pipe' });
  // Not every program reads its input to the end; its exit code tells whether it minded.
  child.stdin.on('error', (error) => {
    errors += error.message;
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${errors}`);
  return output;
}

async function end(child: ChildProcess | null): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  // SIGKILL, because a frozen process would not take SIGTERM before it is thawed.
  child.kill('SIGKILL');
  await exited;
}
