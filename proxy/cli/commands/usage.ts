import { type Command, Option } from 'commander';
import { formatCount } from '../../contract/limits.ts';
import { formatUsd } from '../../contract/money.ts';
import type { RequestView } from '../../contract/requests.ts';
import type { UsageReport, UsageSums } from '../../contract/usage.ts';
import type { UsageKey } from '../../contract/usage-words.ts';
import { USAGE_KEYS } from '../../contract/usage-words.ts';
import { type ControlClient, engineGone, withClient } from '../control-client.ts';
import { isOutputClosed, localTime, printJson, printLine, printTable, say } from '../terminal.ts';
import { limitCells } from './app.ts';
import { clientOptions, examples, type HomeOptions, wholeNumber, withHomeOptions } from './shared-options.ts';

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
  const usage = withHomeOptions(
    program.command('usage').description('what was spent, by app, model, day, user or endpoint'),
  )
    .option('--app <name>', 'of one app only')
    .option('--since <when>', 'from a date (2026-11-01) or a span back (24h, 7d, 4w); default: this month')
    .addOption(new Option('--by <what>', 'what makes a line').choices(USAGE_KEYS).default('app'))
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
  examples(usage, [
    ['tollgate usage', 'this month, by app'],
    ['tollgate usage --since 7d --by day', ''],
    ['tollgate usage --app notebook --by model', ''],
    ['tollgate usage --json | jq .total.costUsd', 'for scripts; costNanoUsd is the exact amount'],
  ]);

  const requests = withHomeOptions(
    program.command('requests').description('the latest requests, newest first; refused ones too'),
  )
    .option('--app <name>', 'of one app only')
    .addOption(new Option('--outcome <outcome>', 'with this outcome only').choices(OUTCOMES))
    .option('--model <model>', 'for this model only')
    .option('--limit <n>', 'how many', wholeNumber(1, 1_000), 50)
    .option('--follow', 'show requests as they begin and end, until Ctrl-C; needs a running engine')
    .action(async (options: RequestOptions) => {
      const needsEngine = options.follow ?? false;
      await withClient({ ...clientOptions(options), needsEngine }, (client) =>
        options.follow ? followRequests(client, options) : listRequests(client, options),
      );
    });
  examples(requests, [
    ['tollgate requests --limit 10', ''],
    ['tollgate requests --outcome refused', 'and the reason of each'],
    ['tollgate requests --follow --json', 'one JSON object a line'],
  ]);
}

const OUTCOMES: readonly RequestView['outcome'][] = [
  'settled',
  'estimated',
  'charged-at-bound',
  'voided',
  'refused',
  'open',
];

async function listRequests(client: ControlClient, options: RequestOptions): Promise<void> {
  const { requests } = await client.requests.list({
    ...(options.app === undefined ? {} : { app: options.app }),
    ...(options.outcome === undefined ? {} : { outcome: options.outcome }),
    ...(options.model === undefined ? {} : { model: options.model }),
    limit: options.limit,
  });
  if (options.json) for (const request of requests) printJson(request);
  else if (requests.length === 0) say('No requests yet.');
  else showRequests(requests);
}

async function followRequests(client: ControlClient, options: RequestOptions): Promise<void> {
  const { app, json, model, outcome } = options;
  const requests = await client.requests.follow(app === undefined ? {} : { app });
  if (!json) say('Waiting for requests; stop with Ctrl-C.');
  for await (const request of requests) {
    if (model !== undefined && request.model !== model) continue;
    if (outcome !== undefined && request.outcome !== outcome) continue;
    if (json) printJson(request);
    else printLine(followedLine(request));
    if (isOutputClosed()) return;
  }
  throw engineGone();
}

function showUsage(report: UsageReport): void {
  if (report.rows.length === 0) say(`No requests since ${localTime(report.from)} UTC.`);
  else showSums(report);
  showLiveState(report);
}

function showSums(report: UsageReport): void {
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

/** Where every limit stands, and what holds budget at this moment. */
function showLiveState({ limits, holds }: UsageReport): void {
  if (limits.length > 0) {
    printLine();
    printTable(
      [
        { title: 'APP' },
        { title: 'LIMIT' },
        { title: 'SPENT', align: 'right' },
        { title: 'HELD', align: 'right' },
        { title: 'FREE', align: 'right' },
        { title: 'RESETS' },
      ],
      limits.map((limit) => [limit.app ?? '(whole key)', ...limitCells(limit)]),
    );
  }
  if (holds.length === 0) return;
  printLine();
  printTable(
    [
      { title: 'HELD FOR' },
      { title: 'APP' },
      { title: 'MODEL' },
      { title: 'AMOUNT', align: 'right' },
      { title: 'SINCE', align: 'right' },
      { title: 'WAITS FOR' },
    ],
    holds.map((hold) => [
      hold.id,
      hold.app,
      hold.model || hold.endpoint,
      formatUsd(hold.holdNanoUsd),
      age(hold.ageMs),
      HOLD_WORDS[hold.state],
    ]),
  );
}

const HOLD_WORDS: Readonly<Record<UsageReport['holds'][number]['state'], string>> = {
  sent: 'the answer',
  answering: 'the end of the answer',
  'client-gone': 'the end of the answer; its client has left',
  background: 'a background response',
  batch: 'a batch',
  socket: 'a response on a socket',
};

function age(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
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

/** Columns of a width that fits most, as nobody knows what is still to come. */
function followedLine(request: RequestView): string {
  const widths = [19, 16, 20, 16, 6, 8, 8, 10, 0];
  const isNumber = (index: number): boolean => index >= 4 && index <= 7;
  return requestCells(request)
    .map((cell, index) => {
      const width = widths[index] ?? 0;
      return isNumber(index) ? cell.padStart(width) : cell.padEnd(width);
    })
    .join('  ')
    .trimEnd();
}
