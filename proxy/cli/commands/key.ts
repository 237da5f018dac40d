import type { Command } from 'commander';
import { AppError } from '../../contract/errors.ts';
import type { KeyStatus } from '../../contract/keys.ts';
import { type ControlClient, withClient } from '../control-client.ts';
import { askSecret, readStdin } from '../prompt.ts';
import { EXIT, printJson, printLine, ShownError, say } from '../terminal.ts';
import { clientOptions, examples, type HomeOptions, withKeyOptions } from './shared-options.ts';

interface SetOptions extends HomeOptions {
  readonly stdin?: boolean;
  readonly verify: boolean;
}

export function addKeyCommands(program: Command): void {
  const key = program.command('key').description('store, check, rotate and remove the OpenAI key');
  examples(key, [
    ['tollgate key set', 'paste the key; it is not shown'],
    ['tollgate key set --stdin < key.txt', 'for scripts; a key is never an argument'],
    ['tollgate key status', ''],
  ]);

  addChange(key, {
    name: 'set',
    description: "check a key with OpenAI and store it in the system's keychain",
    done: 'Stored the key',
    next: null,
  });
  addChange(key, {
    name: 'rotate',
    description: 'replace the key; requests under way finish with the old one',
    done: 'Replaced the key',
    next: 'When requests under way have ended, revoke the old one at https://platform.openai.com/api-keys.',
  });

  withKeyOptions(
    key.command('status').description('say whether a key is stored and where; exit code 1 if it is not'),
  ).action(async (options: HomeOptions, command: Command) => {
    const status = await withKey(options, command, (client) => client.keys.status());
    if (options.json) printJson(status);
    else showStatus(status);
    if (status.state !== 'ready') process.exitCode = EXIT.failed;
  });

  withKeyOptions(
    key.command('test').description('ask OpenAI whether the stored key works; this costs nothing'),
  ).action(async (options: HomeOptions, command: Command) => {
    const test = await withKey(options, command, (client) => client.keys.test());
    if (options.json) printJson(test);
    else printLine(test.models === null ? test.message : `${test.message} It sees ${test.models} models.`);
    if (!test.ok) process.exitCode = EXIT.failed;
  });

  withKeyOptions(
    key.command('remove').description('remove the key from the store; requests are refused from then on'),
  ).action(async (options: HomeOptions, command: Command) => {
    const { removed } = await withKey(options, command, (client) => client.keys.remove());
    if (options.json) printJson({ removed });
    else {
      printLine(removed ? 'Removed the key.' : 'There was no key to remove.');
      if (removed) {
        say('It works on at OpenAI until you revoke it at https://platform.openai.com/api-keys.');
      }
    }
  });
}

interface Change {
  readonly name: string;
  readonly description: string;
  readonly done: string;
  /** What is left to do afterwards. */
  readonly next: string | null;
}

function addChange(key: Command, { name, description, done, next }: Change): void {
  const change = withKeyOptions(key.command(name).description(description))
    .option('--stdin', 'read the key from standard input instead of asking for it')
    .option('--no-verify', 'store it without asking OpenAI whether it works')
    // Refused below, in words that do not repeat the key.
    .allowExcessArguments()
    .action(async (options: SetOptions, command: Command) => {
      if (command.args.length > 0) throw new AppError('input_invalid', { problem: KEY_AS_ARGUMENT });
      if (options.keyStore === 'env') throw new AppError('key_store_read_only', { store: 'env' });
      const text = options.stdin
        ? (await readStdin()).toString('utf8')
        : await askSecret('OpenAI key (it will not be shown): ', KEY_NEEDED);
      const status = await withKey(options, command, (client) =>
        client.keys.set({ key: text, verify: options.verify }),
      );
      if (options.json) printJson(status);
      else {
        printLine(`${done} in ${status.backend} (fingerprint ${status.fingerprint ?? 'unknown'}).`);
        if (next !== null) say(next);
      }
    });
  examples(change, [
    [`tollgate key ${name}`, 'asks for the key without showing it'],
    [`pass openai | tollgate key ${name} --stdin`, 'reads it from another program'],
  ]);
}

const KEY_NEEDED = 'the OpenAI key';
const KEY_AS_ARGUMENT =
  'a key is never an argument, because every program can read those; leave it out to be asked for it, or use --stdin';

/** Refuses to use another store than the one that was asked for, as a running engine has its own. */
async function withKey<Result>(
  options: HomeOptions,
  command: Command,
  use: (client: ControlClient) => Promise<Result>,
): Promise<Result> {
  return withClient({ ...clientOptions(options), needsKey: true }, async (client) => {
    if (command.getOptionValueSource('keyStore') === 'cli') {
      const { store } = await client.keys.status();
      if (store !== options.keyStore) {
        throw new ShownError(
          'input_invalid',
          `The running engine keeps its key in the ${store} store, not in ${options.keyStore}.`,
          'Leave --key-store out, or stop the engine first.',
        );
      }
    }
    return use(client);
  });
}

const STATES: Readonly<Record<KeyStatus['state'], string>> = {
  ready: 'A key is stored in',
  missing: 'No key is stored in',
  unavailable: 'The key cannot be read from',
  rejected: 'OpenAI rejected the key stored in',
};

function showStatus(status: KeyStatus): void {
  const kind = status.kind ? ` (${status.kind} key, fingerprint ${status.fingerprint})` : '';
  printLine(`${STATES[status.state]} ${PLACES[status.store] ?? status.backend}${kind}.`);
  if (status.problem) say(`${status.problem.message}\nhint: ${status.problem.hint}`);
  else if (status.state === 'missing') say('hint: Store one with `tollgate key set`.');
  else if (status.state === 'rejected') say('hint: Store a working one with `tollgate key rotate`.');
}

const PLACES: Readonly<Record<string, string>> = {
  env: 'the environment',
  file: 'the encrypted file',
};
