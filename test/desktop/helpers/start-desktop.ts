import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../../helpers/until.ts';
import type { MenuEntry } from '../electron-double/menu.ts';
import type { DoubleAnswer, DoubleEvent, DoubleOrder } from '../electron-double/wire.ts';

const MAIN = fileURLToPath(new URL('../../../main/main.ts', import.meta.url));
const REGISTER = fileURLToPath(new URL('../electron-double/register.ts', import.meta.url));
/** A main process and an engine, both compiled as they load, on a machine that does other things too. */
const START_MS = 80_000;

export interface DesktopProcess {
  readonly args: readonly string[];
  readonly main?: string | undefined;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** The main process of the app, as the system around it sees it. */
export interface DesktopUnderTest {
  readonly child: ChildProcess;
  /** What the app has done so far, the oldest first. */
  readonly events: readonly DoubleEvent[];
  /** What a person or the system does; see `obey` in the double. */
  order(name: string, ...args: unknown[]): Promise<unknown>;
  /** Details of the events of a name, the oldest first. */
  told<Detail>(event: string): Detail[];
  /** The first event of a name, past or to come, whose detail is as wished. */
  waitFor<Detail>(event: string, isWished?: (detail: Detail) => boolean, timeoutMs?: number): Promise<Detail>;
  trayMenu(): Promise<readonly MenuEntry[]>;
  /** Until the first line of the tray is as wished. */
  untilTray(line: RegExp): Promise<string>;
  stderr(): string;
  /** Its exit code or signal, once it has ended. */
  readonly ended: Promise<number | NodeJS.Signals>;
  kill(): Promise<void>;
}

/** Resolves as soon as the process runs, which is before the app is ready. */
export async function startDesktop({ args, env, main = MAIN }: DesktopProcess): Promise<DesktopUnderTest> {
  const child = spawn(process.execPath, ['--import', REGISTER, main, ...args], {
    env: { ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const events: DoubleEvent[] = [];
  const waiting = new Map<number, (answer: DoubleAnswer) => void>();
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.on('message', (message: DoubleEvent | DoubleAnswer) => {
    if ('event' in message) events.push(message);
    else waiting.get(message.id)?.(message);
  });
  const ended = once(child, 'exit').then(
    ([code, signal]: (number | NodeJS.Signals | null)[]) => code ?? signal ?? 1,
  );
  await once(child, 'spawn');

  let orders = 0;
  async function order(name: string, ...orderArgs: unknown[]): Promise<unknown> {
    orders += 1;
    const message: DoubleOrder = { id: orders, order: name, args: orderArgs };
    const answered = new Promise<DoubleAnswer>((resolve) => waiting.set(message.id, resolve));
    child.send(message);
    const { result, problem } = await answered;
    waiting.delete(message.id);
    if (problem !== undefined) throw new Error(`${name}: ${problem}`);
    return result;
  }

  const told = <Detail>(event: string): Detail[] =>
    events.filter((one) => one.event === event).map(({ detail }) => detail as Detail);

  async function waitFor<Detail>(
    event: string,
    isWished: (detail: Detail) => boolean = () => true,
    timeoutMs = START_MS,
  ): Promise<Detail> {
    const found = (): Detail | undefined => told<Detail>(event).find(isWished);
    try {
      await until(() => found() !== undefined, timeoutMs);
    } catch (error) {
      const seen = told(event).slice(-5);
      throw new Error(`no such ${event}; it had ${JSON.stringify(seen)}\n${stderr}`, { cause: error });
    }
    return found() as Detail;
  }

  /** What main process and engine have written down, for whoever reads why a test has failed. */
  const logs = (): string =>
    ['desktop.log', 'engine.log']
      .map((name) => join(env['TOLLGATE_HOME'] ?? '', 'logs', name))
      .map((path) => (existsSync(path) ? readFileSync(path, 'utf8').slice(-2_000) : `no ${path}\n`))
      .join('');
  const firstLines = (): readonly string[] =>
    told<readonly MenuEntry[]>('tray-menu').map((menu) => menu[0]?.label ?? '');
  return {
    child,
    events,
    order,
    told,
    waitFor,
    trayMenu: async () => (await order('tray.menu')) as readonly MenuEntry[],
    async untilTray(line) {
      // What it says now, or says for a moment only from now on.
      const from = Math.max(0, firstLines().length - 1);
      const found = (): string | undefined =>
        firstLines()
          .slice(from)
          .find((label) => line.test(label));
      try {
        await until(() => found() !== undefined, START_MS);
      } catch (error) {
        throw new Error(`the tray says "${firstLines().at(-1)}"\n${stderr}${logs()}`, { cause: error });
      }
      return found() ?? '';
    },
    stderr: () => stderr,
    ended,
    async kill() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}
