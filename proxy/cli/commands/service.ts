import { existsSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { AppError } from '../../contract/errors.ts';
import type { KeyStoreKind } from '../../contract/key-words.ts';
import { locateHome, prepareHome } from '../../home.ts';
import { connect } from '../control-client.ts';
import type { ServiceManager } from '../service/service-manager.ts';
import type { ServicePlan } from '../service/service-plan.ts';
import { EXIT, printJson, printLine, say } from '../terminal.ts';
import { examples, jsonOption, keyStoreOption } from './shared-options.ts';

interface InstallOptions {
  readonly keyStore: KeyStoreKind;
  readonly port?: number;
  /** False with `--no-dashboard`. */
  readonly dashboard: boolean;
  readonly json?: boolean;
}

export function addServiceCommands(program: Command): void {
  const service = program
    .command('service')
    .description('run the proxy at login, without a desktop: systemd, launchd or a task of Windows');
  examples(service, [
    ['tollgate service install', 'starts it now and at every login'],
    ['tollgate service status', 'exit code 1 when it is not installed'],
    ['tollgate service uninstall', ''],
  ]);

  service
    .command('install')
    .description('run `tollgate serve` now and at every login of this user')
    .option('--port <port>', 'port of the proxy', fixedPort)
    .option('--no-dashboard', 'serve no dashboard')
    .addOption(keyStoreOption())
    .addOption(jsonOption())
    .action(install);

  service
    .command('uninstall')
    .description('stop it, and start it no more')
    .addOption(jsonOption())
    .action(async ({ json }: { json?: boolean }) => {
      const manager = await ownManager();
      const { installed } = await manager.status();
      if (installed) await manager.uninstall();
      if (json) printJson({ uninstalled: installed });
      else
        printLine(
          installed ? `Removed the service from ${manager.name}.` : 'There was no service to remove.',
        );
    });

  service
    .command('status')
    .description('say whether the service is installed and runs; exit code 1 if it is not installed')
    .addOption(jsonOption())
    .action(async ({ json }: { json?: boolean }) => {
      const status = await (await ownManager()).status();
      if (json) printJson(status);
      else if (!status.installed) {
        printLine(`No service is installed in ${status.manager}.`);
        say('hint: Install it with `tollgate service install`.');
      } else {
        printLine(
          `The service is installed in ${status.manager} and ${status.running ? 'runs' : 'does not run'}.`,
        );
        printLine(`File       ${status.path}`);
      }
      if (!status.installed) process.exitCode = EXIT.failed;
    });
}

async function install(options: InstallOptions): Promise<void> {
  const home = locateHome(process.env);
  const plan = planOf(options);
  prepareHome(home);
  const manager = await ownManager();
  // One engine has the folder: a second one would only fail, again and again.
  const other = await connect(home);
  const { running } = await manager.status();
  const startNow = other === null || running;
  await other?.close();
  await manager.install(plan, startNow);
  const status = await manager.status();
  if (options.json) {
    printJson({ ...status, started: startNow });
    return;
  }
  printLine(`Installed the service in ${manager.name}.`);
  printLine(`File       ${status.path}`);
  if (!startNow) say('An engine runs already; the service takes over at the next login.');
  if (plan.environmentFile !== null && !existsSync(plan.environmentFile)) {
    say(`Next       write OPENAI_API_KEY=… into ${plan.environmentFile}, readable by you alone`);
  }
  if (process.platform === 'linux') {
    say('It runs while you are logged in; `loginctl enable-linger` keeps it running without a login.');
  }
}

async function ownManager(): Promise<ServiceManager> {
  const { serviceManager, thisSystem } = await import('../service/service-manager.ts');
  return serviceManager(thisSystem(locateHome(process.env).dataDir));
}

/** @throws AppError `service_unsupported` or `input_invalid` for what a service cannot do */
function planOf({ keyStore, port, dashboard }: InstallOptions): ServicePlan {
  const [, script = ''] = process.argv;
  const launcher = realpathSync(script);
  if (launcher.includes(`${sep}_npx${sep}`)) {
    throw new AppError('input_invalid', {
      problem: 'npx keeps this copy for a moment only; install Tollgate first, and then its service',
    });
  }
  if (keyStore === 'file' || (keyStore === 'env' && process.platform !== 'linux')) {
    throw new AppError('input_invalid', {
      problem: `nobody is there to give a service the key of the ${keyStore} store; use the keychain`,
    });
  }
  const home = locateHome(process.env);
  const ownHome = process.env['TOLLGATE_HOME'];
  return {
    command: [
      process.execPath,
      launcher,
      'serve',
      ...(port === undefined ? [] : [`--port=${port}`]),
      ...(dashboard ? [] : ['--no-dashboard']),
      ...(keyStore === 'keychain' ? [] : [`--key-store=${keyStore}`]),
    ],
    env: ownHome === undefined ? {} : { TOLLGATE_HOME: home.dataDir },
    environmentFile: keyStore === 'env' ? join(home.dataDir, 'service.env') : null,
    outputPath: join(home.logPath, '..', 'service.log'),
  };
}

function fixedPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) {
    throw new InvalidArgumentError('It must be a port from 1 to 65535.');
  }
  return port;
}
