import type { Command } from 'commander';
import type { RunOptions } from '../run-command.ts';
import { collect, examples, explainLimits, keyStoreOption, upstreamOption } from './shared-options.ts';

export function addRunCommand(program: Command): void {
  const run = program
    .command('run <command...>')
    .description('run a command with an app token of its own, which dies with it')
    .usage('[options] -- <command> [arguments…]')
    .option('--app <name>', 'the app it is counted for; default: one named after the current folder')
    .option(
      '--limit <metric=amount/window>',
      'a limit of this run alone, for example usd=0.50/total; may be repeated',
      collect,
    )
    .option('--no-adapter', 'give known tools (codex, opencode, copilot, llm) nothing but the environment')
    .option('--quiet', 'do not say what was set up')
    .addOption(keyStoreOption())
    .addOption(upstreamOption())
    .option('--json', 'write errors of Tollgate as JSON')
    .passThroughOptions()
    .action(async (command: string[], options: RunOptions) => {
      const { runCommand } = await import('../run-command.ts');
      process.exitCode = await runCommand(command, options);
    });
  examples(run, [
    ['tollgate run -- python script.py', 'any program that uses OPENAI_API_KEY'],
    ['tollgate run --app notebook --limit usd=0.50/total -- npm test', 'at most 50 cents'],
    ['tollgate run -- codex', 'a tool with settings of its own'],
  ]);
  explainLimits(run);
  run.addHelpText('after', RUN_NOTE);
}

const RUN_NOTE = `
The command gets OPENAI_API_KEY (the token), OPENAI_BASE_URL and OPENAI_API_BASE.
Where no engine runs, one is started for as long as the command runs.

Exit codes: the command's own; 128 + n when signal n ended it; 125 when Tollgate
failed, 126 when the command cannot be executed, 127 when it was not found.`;
