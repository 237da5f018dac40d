import { type Command, Option } from 'commander';
import {
  EXPORT_FORMATS,
  type ExportFormat,
  OUTCOMES,
  type RequestOutcome,
} from '../../contract/request-words.ts';
import { engineGone, withClient } from '../control-client.ts';
import { isOutputClosed, say } from '../terminal.ts';
import { clientOptions, examples, type HomeOptions, withHomeOptions } from './shared-options.ts';

interface ExportOptions extends HomeOptions {
  readonly app?: string;
  readonly since?: string;
  readonly until?: string;
  readonly outcome?: RequestOutcome;
  readonly model?: string;
}

export function addExportCommand(program: Command): void {
  const command = withHomeOptions(
    program.command('export').description('write every request as CSV or JSON, however many there are'),
  )
    .addArgument(program.createArgument('<format>', 'of the document').choices(EXPORT_FORMATS))
    .option('--app <name>', 'of one app only')
    .option('--since <when>', 'from a date (2026-11-01), a span back (24h, 7d), or an ISO instant')
    .option('--until <when>', 'up to the end of a date, or an instant')
    .addOption(new Option('--outcome <outcome>', 'with this outcome only').choices(OUTCOMES))
    .option('--model <model>', 'for this model only')
    .action(async (format: ExportFormat, options: ExportOptions) => {
      await withClient(clientOptions(options), async (client) => {
        const pieces = await client.requests.export({
          format,
          ...(options.app === undefined ? {} : { app: options.app }),
          ...(options.since === undefined ? {} : { since: options.since }),
          ...(options.until === undefined ? {} : { until: options.until }),
          ...(options.outcome === undefined ? {} : { outcome: options.outcome }),
          ...(options.model === undefined ? {} : { model: options.model }),
        });
        let rows: number | null = null;
        for await (const piece of pieces) {
          await written(piece.text);
          rows = piece.rows;
          if (isOutputClosed()) return;
        }
        if (rows === null) throw engineGone();
        say(`${rows} request${rows === 1 ? '' : 's'}.`);
      });
    });
  examples(command, [
    ['tollgate export csv > requests.csv', 'all there are, the newest first'],
    ['tollgate export json --app notebook --since 30d > notebook.json', ''],
    ['tollgate export ndjson | jq .costNanoUsd', 'one JSON object a line'],
  ]);
}

/** A slow reader slows the export down instead of filling the memory. */
function written(text: string): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.write(text) || isOutputClosed()) resolve();
    else {
      process.stdout.once('drain', resolve);
      process.stdout.once('error', () => resolve());
    }
  });
}
