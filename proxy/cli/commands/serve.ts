import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  DEFAULT_DASHBOARD_PORT,
  DEFAULT_HOST,
  DEFAULT_PORT,
  DEFAULT_UPSTREAM,
} from '../../contract/defaults.ts';
import type { KeyStoreKind } from '../../contract/key-words.ts';
import { ownName, printJson, printLine, say } from '../terminal.ts';
import { collect, examples, jsonOption, keyStoreOption } from './shared-options.ts';

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly dashboardPort: number;
  /** False with `--no-dashboard`. */
  readonly dashboard: boolean;
  readonly open?: boolean;
  readonly upstream: string;
  readonly keyStore: KeyStoreKind;
  readonly allowHost?: string[];
  readonly zone?: string;
  readonly queueMs: number;
  readonly peerCheck: boolean;
  readonly logLevel: string;
  readonly json?: boolean;
}

interface DemoOptions {
  readonly port: number;
  readonly dashboardPort: number;
  /** False with `--no-dashboard`. */
  readonly dashboard: boolean;
  readonly traffic: boolean;
  readonly json?: boolean;
}

export function addServeCommands(program: Command): void {
  const serveCommand = program
    .command('serve')
    .description('run the proxy, in the foreground; stop it with Ctrl-C')
    .option('--port <port>', 'port of the proxy; 0 takes any', portNumber, DEFAULT_PORT)
    .option('--host <address>', 'address to listen on', DEFAULT_HOST)
    .option(
      '--dashboard-port <port>',
      'port of the dashboard; 0 takes any',
      portNumber,
      DEFAULT_DASHBOARD_PORT,
    )
    .option('--no-dashboard', 'serve no dashboard')
    .option('--open', 'open the dashboard in the browser')
    .addOption(
      new Option('--upstream <url>', 'base URL of OpenAI').env('TOLLGATE_UPSTREAM').default(DEFAULT_UPSTREAM),
    )
    .addOption(keyStoreOption())
    .option(
      '--allow-host <name>',
      'also answer to this Host name, for example host.docker.internal; may be repeated',
      collect,
    )
    .option('--zone <zone>', 'time zone of daily and longer windows, for example Europe/Berlin', zoneName)
    .option('--queue-ms <ms>', 'how long a request may wait for budget held by others', queueTime, 10_000)
    .option('--no-peer-check', 'let other users of this machine connect')
    .addOption(
      new Option('--log-level <level>', 'how much to write to the log file')
        .choices(['debug', 'info', 'warn', 'error'])
        .default('info'),
    )
    .addOption(jsonOption())
    .action(serve);
  examples(serveCommand, [
    ['tollgate serve', 'on 127.0.0.1:4747; the dashboard on 4748'],
    ['tollgate serve --port 0 --json', 'any free port; one line of JSON when ready'],
    ['OPENAI_API_KEY=… tollgate serve --key-store env', 'on a machine without a keychain'],
  ]);

  const demo = program
    .command('demo')
    .description('try it out: a simulated OpenAI, no key needed, everything in a temporary folder')
    .option('--port <port>', 'port of the proxy; 0 takes any', portNumber, 0)
    .option('--dashboard-port <port>', 'port of the dashboard; 0 takes any', portNumber, 0)
    .option('--no-dashboard', 'serve no dashboard')
    .option('--no-traffic', 'send no requests of its own')
    .addOption(jsonOption())
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import('../demo-session.ts');
      await runDemo({
        port: options.port,
        dashboardPort: dashboardPortOf(options),
        traffic: options.traffic,
        json: options.json ?? false,
      });
    });
  examples(demo, [['tollgate demo', 'prints a curl command to try; Ctrl-C leaves nothing behind']]);
}

function dashboardPortOf({ dashboard, dashboardPort }: ServeOptions | DemoOptions): number | null {
  return dashboard ? dashboardPort : null;
}

/** What was typed goes before what is set in the dashboard, and that before the default. */
function chosen<Value>(command: Command, name: string, typed: Value, set: Value | null): Value {
  const source = command.getOptionValueSource(name);
  return set !== null && (source === undefined || source === 'default') ? set : typed;
}

async function serve(options: ServeOptions, command: Command): Promise<void> {
  const [
    { createLocalClient, defaultConfig, locateHome, readSettings },
    { sayKeyState, startEngine, untilStopped },
  ] = await Promise.all([import('../../index.ts'), import('../start-engine.ts')]);
  const home = locateHome(process.env);
  const set = readSettings(home.dataDir).engine;
  const zone = chosen(command, 'zone', options.zone, set.zone);
  const running = await startEngine({
    ...defaultConfig(home),
    dataPlane: { host: options.host, port: chosen(command, 'port', options.port, set.port) },
    dashboardPort: options.dashboard
      ? chosen(command, 'dashboardPort', options.dashboardPort, set.dashboardPort)
      : null,
    upstream: options.upstream,
    keyStore: options.keyStore,
    extraHosts: hostsOf(options),
    queueMs: chosen(command, 'queueMs', options.queueMs, set.queueMs),
    checkPeers: options.peerCheck,
    logLevel: options.logLevel,
    ...(zone === undefined ? {} : { zone }),
  });
  // Whoever reads that it is ready may stop it at once.
  const stopped = untilStopped();
  const { baseUrl, dashboardUrl, version, chargedHolds } = running.engine;
  if (options.json) printJson({ baseUrl, dashboardUrl, pid: process.pid, version });
  else {
    printLine(`Tollgate ${version} is running.`);
    printLine(`Base URL   ${baseUrl}`);
    if (dashboardUrl) {
      const { client, end } = await createLocalClient(running.engine.control);
      const { url } = await client.sessions.link();
      printLine(`Dashboard  ${url}`);
      end();
      if (options.open) await openDashboard(url);
      say(`           The link works once, within ten minutes; "${ownName()} open" makes another.`);
    }
    if (chargedHolds > 0) {
      say(`${chargedHolds} request(s) were under way when the last engine ended; charged at their bound.`);
    }
    if (!/^(127\.|localhost$|::1$)/.test(options.host)) {
      say(`Warning    ${options.host} can be reached from outside; only app tokens protect it.`);
    }
    await sayKeyState(running.engine);
    if (running.engine.control.registry.apps.length === 0) {
      say(`Next       ${ownName()} app create NAME --limit usd=5/day`);
    }
  }
  await stopped;
  if (!options.json) say('Stopping: waiting for requests under way…');
  await running.close();
  process.exit(0);
}

async function openDashboard(url: string): Promise<void> {
  const { openInBrowser } = await import('../open-browser.ts');
  if (!(await openInBrowser(url))) say('           No browser could be opened: open the link by hand.');
}

function hostsOf({ host, allowHost }: ServeOptions): string[] {
  const wildcard = host === '0.0.0.0' || host === '::';
  return [...(allowHost ?? []), ...(wildcard ? [] : [host.includes(':') ? `[${host}]` : host])];
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('It must be a port from 0 to 65535.');
  return port;
}

function queueTime(text: string): number {
  const ms = Number(text);
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It must be a number of milliseconds.');
  return ms;
}

function zoneName(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidArgumentError('It is not a time zone of the system.');
    throw error;
  }
}
