import type { Command } from 'commander';
import { DEFAULT_DASHBOARD_PORT, DEFAULT_PORT } from '../../contract/defaults.ts';
import type { DoctorCheck } from '../../contract/engine-status.ts';
import { AppError } from '../../contract/errors.ts';
import { EXIT, printJson, printLine } from '../terminal.ts';
import { examples, type HomeOptions, withKeyOptions } from './shared-options.ts';

export function addDoctorCommand(program: Command): void {
  const command = withKeyOptions(
    program
      .command('doctor')
      .description('look at everything that could be wrong; exit code 1 if something is'),
  ).action(async (options: HomeOptions) => {
    const checks = await diagnose(options);
    if (options.json) printJson({ checks });
    else for (const check of checks) showCheck(check);
    if (checks.some(({ state }) => state === 'failed')) process.exitCode = EXIT.failed;
  });
  examples(command, [
    ['tollgate doctor', 'Node, data folder, disk, ports, OpenAI, clock, ledger, key'],
    ['tollgate doctor --json', 'nothing secret is in it, so it can go into a report'],
  ]);
}

/** Asks the engine that runs; where none does, opens the home for a moment, and where that fails says so. */
async function diagnose(options: HomeOptions): Promise<readonly DoctorCheck[]> {
  const [{ withClient, connect }, { checkHome, checkNode, checkPort, locateHome }] = await Promise.all([
    import('../control-client.ts'),
    import('../../index.ts'),
  ]);
  const home = locateHome(process.env);
  const running = await connect(home).catch(() => null);
  const ports = running
    ? []
    : [
        await checkPort('127.0.0.1', DEFAULT_PORT, '--port'),
        await checkPort('127.0.0.1', DEFAULT_DASHBOARD_PORT, '--dashboard-port'),
      ];
  try {
    const { checks } = await withClient(
      { keyStore: options.keyStore, upstream: options.upstream, needsKey: true },
      (client) => client.engine.doctor(),
    );
    return [...checks.filter(({ id }) => running !== null || id !== 'ports'), ...ports];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // A home that cannot be opened is what the doctor is asked about.
    const opened: DoctorCheck = {
      id: 'open',
      title: 'Opening the home',
      state: 'failed',
      detail: error.message,
      hint: error.hint,
    };
    return [checkNode(process.version), checkHome(home), opened, ...ports];
  }
}

const MARKS: Readonly<Record<DoctorCheck['state'], string>> = {
  ok: 'ok      ',
  warning: 'warning ',
  failed: 'FAILED  ',
  skipped: 'skipped ',
};

function showCheck({ title, state, detail, hint }: DoctorCheck): void {
  printLine(`${MARKS[state]}${title.padEnd(14)}${detail}`);
  if (hint !== null) printLine(`${' '.repeat(22)}hint: ${hint}`);
}
