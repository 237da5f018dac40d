import type { Command } from 'commander';
import { withClient } from '../control-client.ts';
import { printJson, printLine, say } from '../terminal.ts';
import { clientOptions, examples, type HomeOptions, withHomeOptions } from './shared-options.ts';

interface OpenOptions extends HomeOptions {
  readonly print?: boolean;
}

export function addOpenCommand(program: Command): void {
  const command = withHomeOptions(
    program.command('open').description('open the dashboard in the browser, with a link that works once'),
  )
    .option('--print', 'print the link and open nothing')
    .action(async (options: OpenOptions) => {
      const link = await withClient({ ...clientOptions(options), needsEngine: true }, (client) =>
        client.sessions.link(),
      );
      if (options.json) printJson(link);
      else printLine(link.url);
      if (options.json || options.print) return;
      const { openInBrowser } = await import('../open-browser.ts');
      if (!(await openInBrowser(link.url))) say('No browser could be opened: open the link by hand.');
      say('The link works once, within ten minutes.');
    });
  examples(command, [
    ['tollgate open', ''],
    ['tollgate open --print', 'for another browser of this machine, or an SSH tunnel'],
  ]);
}
