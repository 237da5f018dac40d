import type { Command } from 'commander';
import type { RunOptions } from '../run-command.ts';
import { collect, jsonOption, keyStoreOption, upstreamOption } from './shared-options.ts';

export function addRunCommand(program: Command): void {
  program
    .command('run <command...>')
    .description('run a command with a token of its own, which is revoked when the command ends')
    .usage('[options] -- <command> [arguments…]')
    .option('--app <name>', 'the app it belongs to; default: named after the current folder')
    .option(
      '--limit <metric=amount/window>',
      'a limit of this run alone, for example usd=0.50/total',
      collect,
    )
    .option('--quiet', 'do not say what was set up')
    .addOption(keyStoreOption())
    .addOption(upstreamOption())
    .addOption(jsonOption())
    .passThroughOptions()
    .action(async (command: string[], options: RunOptions) => {
      const { runCommand } = await import('../run-command.ts');
      process.exitCode = await runCommand(command, options);
    });
}
