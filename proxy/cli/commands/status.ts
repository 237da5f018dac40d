import type { Command } from 'commander';
import type { EngineStatus } from '../../contract/engine-status.ts';
import { AppError } from '../../contract/errors.ts';
import { locateHome } from '../../home.ts';
import { withClient } from '../control-client.ts';
import { localTime, printJson, printLine, ShownError } from '../terminal.ts';
import { clientOptions, examples, type HomeOptions, withHomeOptions } from './shared-options.ts';

export function addStatusCommand(program: Command): void {
  const status = withHomeOptions(
    program
      .command('status')
      .description('say whether the engine runs, where it is reached and what it is doing'),
  ).action(async (options: HomeOptions) => {
    const found = await withClient({ ...clientOptions(options), needsEngine: true }, (client) =>
      client.engine.status(),
    ).catch((error: unknown) => {
      throw error instanceof AppError && error.code === 'engine_not_running' ? notRunning(error) : error;
    });
    if (options.json) printJson(found);
    else showStatus(found);
  });
  examples(status, [
    ['tollgate status', 'exit code 3 when no engine runs'],
    ['tollgate status --json', 'for scripts: "baseUrl", "pid", "inFlight", "key", …'],
  ]);
}

function notRunning(cause: unknown): ShownError {
  const { dataDir } = locateHome(process.env);
  const hint = 'Start one with `tollgate serve`; for another data folder set TOLLGATE_HOME.';
  return new ShownError('engine_not_running', `No engine is running for ${dataDir}.`, hint, { cause });
}

function showStatus(status: EngineStatus): void {
  const line = (title: string, text: string): void => printLine(`${title.padEnd(11)}${text}`);
  const { key, inFlight, waiting } = status;
  line('Engine', `Tollgate ${status.version}, process ${status.pid}`);
  line('Started', `${localTime(status.startedAt)} UTC`);
  line('Base URL', status.baseUrl ?? 'none');
  line('Dashboard', status.dashboardUrl ?? 'none');
  line('Upstream', status.upstream);
  line('Key', KEY_STATES[key.state](key.backend, key.problem?.message ?? ''));
  if (key.problem) line('', `hint: ${key.problem.hint}`);
  line('Requests', `${inFlight} in flight${waiting > 0 ? `, ${waiting} waiting for budget` : ''}`);
  if (status.paused) {
    const until = status.paused.until === null ? '' : ` until ${localTime(status.paused.until)}`;
    line('Paused', `everything${until}: tollgate resume`);
  }
  if (status.openAlerts > 0) line('Alerts', `${status.openAlerts} open: tollgate alerts list --open`);
  line('Ledger', status.ledgerHealthy ? 'can be written' : 'cannot be written: nothing is let through');
  line('Data', status.dataDir);
  line('Log', status.logPath ?? 'none');
}

const KEY_STATES: Readonly<
  Record<EngineStatus['key']['state'], (backend: string, problem: string) => string>
> = {
  ready: (backend) => `ready (${backend})`,
  missing: (backend) => `none in ${backend}: tollgate key set`,
  rejected: () => 'rejected by OpenAI: tollgate key rotate',
  unavailable: (_backend, problem) => problem,
};
