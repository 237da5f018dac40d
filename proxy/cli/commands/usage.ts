import { type Command, Option } from 'commander';
import { formatCount } from '../../contract/limits.ts';
import { formatUsd } from '../../contract/money.ts';
import type { RequestView } from '../../contract/requests.ts';
import type { UsageReport, UsageSums } from '../../contract/usage.ts';
import type { UsageKey } from '../../contract/usage-words.ts';
import { USAGE_KEYS } from '../../contract/usage-words.ts';
import { withClient } from '../control-client.ts';
import { printJson, printLine, printTable, say } from '../terminal.ts';
import { clientOptions, type HomeOptions, wholeNumber, withHomeOptions } from './shared-options.ts';

interface UsageOptions extends HomeOptions {
  readonly app?: string;
  readonly since?: string;
  readonly by: UsageKey;
}

interface RequestOptions extends HomeOptions {
  readonly app?: string;
  readonly outcome?: RequestView['outcome'];
  readonly model?: string;
  readonly limit: number;
  readonly follow?: boolean;
}

export function addUsageCommands(program: Command): void {
  withHomeOptions(
    program.command('usage').description('what was spent, by app, model, day, user or endpoint'),
  )
    .option('--app <name>', 'of one app only')
    .option('--since <when>', 'a date (2026-11-01) or a span (24h, 7d); default: this month')
    .addOption(new Option('--by <what>', 'how to group it').choices(USAGE_KEYS).default('app'))
    .action(async (options: UsageOptions) => {
      const report = await withClient(clientOptions(options), (client) =>
        client.usage.report({
          by: options.by,
          ...(options.app === undefined ? {} : { app: options.app }),
          ...(options.since === undefined ? {} : { since: options.since }),
        }),
      );
      if (options.json) printJson(report);
      else showUsage(report);
    });

  withHomeOptions(program.command('requests').description('the latest requests, newest first'))
    .option('--app <name>', 'of one app only')
    .addOption(
      new Option('--outcome <outcome>', 'with this outcome only').choices([
        'settled',
        'estimated',
        'charged-at-bound',
        'voided',
        'refused',
        'open',
      ]),
    )
    .option('--model <model>', 'for this model only')
    .option('--limit <n>', 'how many', wholeNumber(1, 1_000), 50)
    .option('--follow', 'go on with requests as they begin and end')
    .action(async (options: RequestOptions) => {
      const filter = options.app === undefined ? {} : { app: options.app };
      await withClient(
        { ...clientOptions(options), needsEngine: options.follow ?? false },
        async (client) => {
          if (options.follow) {
            for await (const request of await client.requests.follow(filter)) showOne(request, options.json);
            return;
          }
          const { requests } = await client.requests.list({
            ...filter,
            ...(options.outcome === undefined ? {} : { outcome: options.outcome }),
            ...(options.model === undefined ? {} : { model: options.model }),
            limit: options.limit,
          });
          if (options.json) for (const request of requests) printJson(request);
          else if (requests.length === 0) say('No requests yet.');
          else showRequests(requests);
        },
      );
    });
}

function showUsage(report: UsageReport): void {
  if (report.rows.length === 0) {
    say(`Nothing was spent since ${report.from}.`);
    return;
  }
  const cells = (name: string, sums: UsageSums): string[] => [
    name,
    formatCount(sums.requests),
    formatCount(sums.refused),
    formatCount(sums.inputTokens),
    formatCount(sums.outputTokens),
    `${formatUsd(sums.costNanoUsd)}${sums.unpricedRequests > 0 ? ` + ${sums.unpricedRequests} unknown` : ''}`,
    sums.heldNanoUsd > 0 ? formatUsd(sums.heldNanoUsd) : '',
  ];
  printTable(
    [
      { title: report.by.toUpperCase() },
      { title: 'REQUESTS', align: 'right' },
      { title: 'REFUSED', align: 'right' },
      { title: 'INPUT', align: 'right' },
      { title: 'OUTPUT', align: 'right' },
      { title: 'COST', align: 'right' },
      { title: 'HELD', align: 'right' },
    ],
    [...report.rows.map((row) => cells(row.name, row)), cells('total', report.total)],
  );
  if (report.total.estimatedNanoUsd > 0) {
    say(`${formatUsd(report.total.estimatedNanoUsd)} of it is estimated or charged at the bound.`);
  }
}

function showRequests(requests: readonly RequestView[]): void {
  printTable(
    [
      { title: 'AT' },
      { title: 'APP' },
      { title: 'MODEL' },
      { title: 'OUTCOME' },
      { title: 'STATUS', align: 'right' },
      { title: 'IN', align: 'right' },
      { title: 'OUT', align: 'right' },
      { title: 'COST', align: 'right' },
      { title: 'REASON' },
    ],
    requests.map(requestCells),
  );
}

function requestCells(request: RequestView): string[] {
  const show = (value: number | null): string => (value === null ? '—' : formatCount(value));
  const times = request.count > 1 ? ` (${request.count} times)` : '';
  return [
    request.at.slice(0, 19).replace('T', ' '),
    request.app,
    request.model || request.endpoint,
    request.outcome,
    show(request.status),
    show(request.inputTokens),
    show(request.outputTokens),
    formatUsd(request.costNanoUsd),
    `${request.reason ?? ''}${times}`,
  ];
}

function showOne(request: RequestView, json: boolean | undefined): void {
  if (json) printJson(request);
  else printLine(requestCells(request).join('  ').trimEnd());
}
