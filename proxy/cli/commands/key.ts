import type { Command } from 'commander';
import type { KeyStatus } from '../../contract/keys.ts';
import { withClient } from '../control-client.ts';
import { askSecret, readStdin } from '../prompt.ts';
import { EXIT, printJson, printLine, say } from '../terminal.ts';
import { clientOptions, type HomeOptions, withHomeOptions } from './shared-options.ts';

interface SetOptions extends HomeOptions {
  readonly stdin?: boolean;
  readonly verify: boolean;
}

export function addKeyCommands(program: Command): void {
  const key = program.command('key').description('store, check, rotate and remove the OpenAI key');

  const change = (name: string, description: string, done: string): void => {
    withHomeOptions(key.command(name).description(description))
      .option('--stdin', 'read the key from standard input instead of asking for it')
      .option('--no-verify', 'store it without asking OpenAI whether it works')
      .action(async (options: SetOptions) => {
        const text = options.stdin
          ? (await readStdin()).toString('utf8')
          : await askSecret('OpenAI key (it will not be shown): ', 'the key, with --stdin or in a terminal');
        const status = await withClient(clientOptions(options), (client) =>
          client.keys.set({ key: text, verify: options.verify }),
        );
        if (options.json) printJson(status);
        else printLine(`${done} in ${status.backend} (fingerprint ${status.fingerprint ?? 'unknown'}).`);
      });
  };
  change('set', 'check a key with OpenAI and store it', 'Stored the key');
  change('rotate', 'replace the key; requests under way finish with the old one', 'Replaced the key');

  withHomeOptions(key.command('status').description('say whether a key is stored, and where')).action(
    async (options: HomeOptions) => {
      const status = await withClient(clientOptions(options), (client) => client.keys.status());
      if (options.json) printJson(status);
      else showStatus(status);
      if (status.state !== 'ready') process.exitCode = EXIT.failed;
    },
  );

  withHomeOptions(key.command('test').description('ask OpenAI whether the stored key works')).action(
    async (options: HomeOptions) => {
      const test = await withClient(clientOptions(options), (client) => client.keys.test());
      if (options.json) printJson(test);
      else printLine(test.models === null ? test.message : `${test.message} It sees ${test.models} models.`);
      if (!test.ok) process.exitCode = EXIT.failed;
    },
  );

  withHomeOptions(key.command('remove').description('remove the key from the store')).action(
    async (options: HomeOptions) => {
      const { removed } = await withClient(clientOptions(options), (client) => client.keys.remove());
      if (options.json) printJson({ removed });
      else {
        printLine(removed ? 'Removed the key.' : 'There was no key to remove.');
        say('Revoke it at platform.openai.com/api-keys too if it may have leaked.');
      }
    },
  );
}

const STATES: Readonly<Record<KeyStatus['state'], string>> = {
  ready: 'A key is stored',
  missing: 'No key is stored',
  unavailable: 'The key cannot be read',
  rejected: 'OpenAI rejected the stored key',
};

function showStatus(status: KeyStatus): void {
  const kind = status.kind ? ` (${status.kind} key, fingerprint ${status.fingerprint})` : '';
  printLine(`${STATES[status.state]} in ${status.backend}${kind}.`);
  if (status.problem) say(`${status.problem.message}\nhint: ${status.problem.hint}`);
  else if (status.state === 'missing') say('hint: Store one with `tollgate key set`.');
  else if (status.state === 'rejected') say('hint: Store a working one with `tollgate key rotate`.');
}
