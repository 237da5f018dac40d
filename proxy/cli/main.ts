import { Command, CommanderError, Option } from 'commander';
import { packageVersion } from '../config.ts';
import { addAlertCommands } from './commands/alerts.ts';
import { addAppCommands } from './commands/app.ts';
import { addCompletionCommands } from './commands/completion.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addExportCommand } from './commands/export.ts';
import { addKeyCommands } from './commands/key.ts';
import { addLimitCommands } from './commands/limit.ts';
import { addOpenCommand } from './commands/open.ts';
import { addPauseCommands } from './commands/pause.ts';
import { addPriceCommands } from './commands/price.ts';
import { addRunCommand } from './commands/run.ts';
import { addScanCommand } from './commands/scan.ts';
import { addServeCommands } from './commands/serve.ts';
import { addServiceCommands } from './commands/service.ts';
import { jsonOption } from './commands/shared-options.ts';
import { addStatusCommand } from './commands/status.ts';
import { addUsageCommands } from './commands/usage.ts';
import { forbidInput } from './prompt.ts';
import { EXIT, ShownError, showError, tolerateClosedOutput } from './terminal.ts';

const INTRO = [
  "Keeps your OpenAI key in the system's keychain and puts a hard cap on what every local program can",
  'spend. Programs get an app token and the base URL http://127.0.0.1:4747/v1 instead of the key.',
].join(' ');

const FIRST_STEPS = `
First steps:
  tollgate key set                                 store the OpenAI key
  tollgate serve                                   start the proxy, leave it on
  tollgate app create notebook --limit usd=5/day   a budget, and a token for it
  tollgate run --app notebook -- python script.py  a program that needs no setup
  tollgate usage                                   see what it cost

To try it without a key: tollgate demo

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 needs a running engine. \`run\`
ends with the code of its command.

Environment: TOLLGATE_HOME is the data folder, NO_COLOR switches colours off.`;

/** Runs one command line; sets the exit code of the process and returns when the command has ended. */
export async function main(argv: readonly string[]): Promise<void> {
  tolerateClosedOutput();
  /** Known once the command line was understood. */
  let running: Command | null = null;
  const program = createProgram((command) => {
    running = command;
  });
  addCompletionCommands(program, () => createProgram(() => undefined));
  for (const command of allCommands(program)) {
    command.exitOverride((error) => {
      throw error.exitCode === 0 || error.code === 'commander.help' ? error : asUsageError(command, error);
    });
    for (const option of [noInputOption(), jsonOption()]) {
      const isKnown = command.options.some(({ long }) => long === option.long);
      if (!isKnown) command.addOption(option.hideHelp());
    }
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error, running, argv);
  }
}

/** The whole command line; `onRun` is told which command was understood. */
function createProgram(onRun: (command: Command) => void): Command {
  const program = new Command('tollgate')
    .description(INTRO)
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', FIRST_STEPS)
    .enablePositionalOptions()
    .addOption(noInputOption())
    // What is wrong is shown by showError, as any other error.
    .configureOutput({ outputError: () => undefined })
    .configureHelp({ subcommandTerm })
    .hook('preAction', (_program, command) => {
      onRun(command);
      const line = lineOf(command).map((part) => part.opts());
      if (line.some((options) => options['input'] === false)) forbidInput();
      if (line.some((options) => options['json'] === true)) command.setOptionValue('json', true);
    });
  addServeCommands(program);
  addStatusCommand(program);
  addKeyCommands(program);
  addAppCommands(program);
  addLimitCommands(program);
  addRunCommand(program);
  addUsageCommands(program);
  addPriceCommands(program);
  addServiceCommands(program);
  addAlertCommands(program);
  addExportCommand(program);
  addPauseCommands(program);
  addOpenCommand(program);
  addDoctorCommand(program);
  addScanCommand(program);
  return program;
}

function noInputOption(): Option {
  return new Option('--no-input', 'never ask anything: fail where something is missing');
}

/** As in the list of commands, without a word of the options that every command has. */
function subcommandTerm(command: Command): string {
  const hasOptions = command.options.some(({ hidden }) => !hidden);
  const words = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...(hasOptions ? ['[options]'] : []), ...words].join(' ');
}

/** A command and those it belongs to. */
function lineOf(command: Command): Command[] {
  return command.parent ? [...lineOf(command.parent), command] : [command];
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

function asUsageError(command: Command, error: CommanderError): ShownError {
  const problem = error.message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.?$/, '.');
  const name = lineOf(command)
    .map((part) => part.name())
    .join(' ');
  const message = `${problem.charAt(0).toUpperCase()}${problem.slice(1)}`;
  return new ShownError('input_invalid', message, `See \`${name} --help\`.`, { cause: error });
}

function exitCodeOf(error: unknown, running: Command | null, argv: readonly string[]): number {
  // Help and version are not failures; help in place of a subcommand that is missing is one.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const json = running ? running.opts()['json'] === true : hasJsonOption(argv);
  const code = showError(error, json);
  return running?.name() === 'run' && code !== EXIT.usage ? RUN_FAILED : code;
}

/** For a command line that could not be understood; behind `--` nothing is ours. */
function hasJsonOption(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? undefined : end).includes('--json');
}

/** `run` keeps the codes below for the child, as `env`, `timeout` and `docker run` do. */
const RUN_FAILED = 125;
