import { Command, CommanderError, Option } from 'commander';
import { packageVersion } from '../config.ts';
import { addAppCommands } from './commands/app.ts';
import { addKeyCommands } from './commands/key.ts';
import { addLimitCommands } from './commands/limit.ts';
import { addPriceCommands } from './commands/price.ts';
import { addRunCommand } from './commands/run.ts';
import { addServeCommands } from './commands/serve.ts';
import { addUsageCommands } from './commands/usage.ts';
import { EXIT, showError } from './terminal.ts';

const INTRO = `Keeps your OpenAI key in the system's keychain and puts a hard cap on what every local program
can spend. Programs get an app token and the base URL http://127.0.0.1:4747/v1 instead of the key.`;

const FIRST_STEPS = `
First steps:
  tollgate key set                              store the OpenAI key
  tollgate serve                                start the proxy
  tollgate app create notebook --limit usd=5/day
  tollgate run --app notebook -- python script.py
  tollgate usage                                see what it cost

Without a key: tollgate demo

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 needs a running engine.`;

/** Runs one command line; sets the exit code of the process and returns when the command has ended. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('tollgate')
    .description(INTRO)
    .version(packageVersion(), '-V, --version')
    .addHelpText('after', FIRST_STEPS)
    .showHelpAfterError('(see `tollgate help`)')
    .enablePositionalOptions()
    .addOption(new Option('--no-input', 'never ask anything'))
    .exitOverride();
  addServeCommands(program);
  addKeyCommands(program);
  addAppCommands(program);
  addLimitCommands(program);
  addRunCommand(program);
  addUsageCommands(program);
  addPriceCommands(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error, argv);
  }
}

function exitCodeOf(error: unknown, argv: readonly string[]): number {
  // Commander has already written what was wrong; help and version are not failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const ours = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const code = showError(error, ours.includes('--json'));
  return argv[0] === 'run' && code !== EXIT.usage ? RUN_FAILED : code;
}

/** `run` keeps the codes below for the child, as `env`, `timeout` and `docker run` do. */
const RUN_FAILED = 125;
