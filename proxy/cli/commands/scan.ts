import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Leak } from '../../contract/checklist.ts';
import { EXIT, isOutputClosed, printJson, printLine, say } from '../terminal.ts';
import { examples, jsonOption } from './shared-options.ts';

export function addScanCommand(program: Command): void {
  const command = program
    .command('scan')
    .description('look for keys that stand in files, where they go around every cap')
    .argument('[dir]', 'a folder and all below it; without it the usual places of your home folder')
    .addOption(jsonOption())
    .action(async (dir: string | undefined, options: { json?: boolean }) => {
      const { scanFiles } = await import('../../index.ts');
      const stopped = new AbortController();
      process.once('SIGINT', () => stopped.abort());
      let leaks = 0;
      const root = dir === undefined ? undefined : resolve(dir);
      for await (const event of scanFiles(root, stopped.signal)) {
        if (isOutputClosed()) break;
        if (event.kind === 'leak') {
          leaks += 1;
          if (options.json) printJson(event.leak);
          else showLeak(event.leak);
        } else if (event.done) say(summary(event));
      }
      if (leaks > 0) {
        process.exitCode = EXIT.failed;
        if (!options.json) {
          say('hint: Revoke these keys at https://platform.openai.com/api-keys, and use app tokens instead.');
        }
      }
    });
  examples(command, [
    ['tollgate scan', 'shell profiles, histories and settings of tools'],
    ['tollgate scan .', 'this project; exit code 1 when a key was found'],
    ['tollgate scan ~ --json', 'one JSON object a line; keys are masked'],
  ]);
}

function showLeak({ path, line, column, what, masked }: Leak): void {
  printLine(`${path}:${line}:${column}  ${what}  ${masked}`);
}

function summary({ files, leaks, skipped }: { files: number; leaks: number; skipped: number }): string {
  const found = leaks === 0 ? 'No key' : `${leaks} key${leaks === 1 ? '' : 's'}`;
  const left = skipped > 0 ? `; ${skipped} were large or not text` : '';
  return `${found} in ${files} file${files === 1 ? '' : 's'}${left}.`;
}
