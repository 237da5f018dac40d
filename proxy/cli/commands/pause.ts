import type { Command } from 'commander';
import type { EngineStatus } from '../../contract/engine-status.ts';
import { withClient } from '../control-client.ts';
import { localTime, printJson, printLine } from '../terminal.ts';
import { clientOptions, examples, type HomeOptions, withHomeOptions } from './shared-options.ts';

interface PauseOptions extends HomeOptions {
  readonly until?: string;
}

export function addPauseCommands(program: Command): void {
  const pause = withHomeOptions(
    program.command('pause').description('refuse every request of every app, and cut their streams'),
  )
    .option('--until <when>', 'a span such as 15m or 1h, or an instant; without it until `tollgate resume`')
    .action(async (options: PauseOptions) => {
      const until = options.until ?? null;
      show(await withClient(clientOptions(options), (client) => client.engine.pauseAll({ until })), options);
    });
  examples(pause, [
    ['tollgate pause', 'the panic button'],
    ['tollgate pause --until 1h', ''],
  ]);
  const resume = withHomeOptions(
    program.command('resume').description('let requests through again after `tollgate pause`'),
  ).action(async (options: HomeOptions) => {
    show(await withClient(clientOptions(options), (client) => client.engine.resumeAll()), options);
  });
  examples(resume, [['tollgate resume', 'apps that were paused one by one stay paused']]);
}

function show({ paused }: EngineStatus, { json }: HomeOptions): void {
  if (json) printJson({ paused });
  else if (!paused) printLine('Requests go through.');
  else if (paused.until === null) printLine('Everything is paused until `tollgate resume`.');
  else printLine(`Everything is paused until ${localTime(paused.until)}.`);
}
