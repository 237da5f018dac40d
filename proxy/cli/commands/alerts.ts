import type { Command } from 'commander';
import type { AlertView, WebhookView } from '../../contract/alerts.ts';
import { AppError } from '../../contract/errors.ts';
import { withClient } from '../control-client.ts';
import { askSecret, readStdin } from '../prompt.ts';
import { localTime, printJson, printLine, printTable, say } from '../terminal.ts';
import { clientOptions, examples, type HomeOptions, wholeNumber, withHomeOptions } from './shared-options.ts';

interface ListOptions extends HomeOptions {
  readonly open?: boolean;
  readonly app?: string;
  readonly limit: number;
}

export function addAlertCommands(program: Command): void {
  const alerts = program.command('alerts').description('what Tollgate has told you, and where it tells it');
  examples(alerts, [
    ['tollgate alerts list --open', 'what nobody has acknowledged'],
    ['tollgate alerts snooze 12 --until 1d', ''],
    ['tollgate alerts webhook set --stdin < url.txt', 'post them to Slack or the like'],
  ]);

  const list = withHomeOptions(alerts.command('list').description('list alerts, the newest first'))
    .option('--open', 'only those that nobody has acknowledged')
    .option('--app <name>', 'of one app only')
    .option('--limit <n>', 'how many', wholeNumber(1, 500), 50)
    .action(async (options: ListOptions) => {
      const { alerts: found, open } = await withClient(clientOptions(options), (client) =>
        client.alerts.list({
          state: options.open ? 'open' : 'all',
          limit: options.limit,
          ...(options.app === undefined ? {} : { app: options.app }),
        }),
      );
      if (options.json) printJson({ alerts: found, open });
      else if (found.length === 0) say('No alerts.');
      else showAlerts(found);
    });
  examples(list, [['tollgate alerts list --open --json', 'for scripts']]);

  withHomeOptions(
    alerts.command('ack [id...]').description('acknowledge alerts, or all of them without an id'),
  ).action(async (ids: string[], options: HomeOptions) => {
    const chosen = ids.length === 0 ? ('all' as const) : ids.map(idOf);
    const done = await withClient(clientOptions(options), (client) =>
      client.alerts.acknowledge({ ids: chosen }),
    );
    if (options.json) printJson(done);
    else printLine(`Acknowledged ${done.acknowledged}; ${done.open} left.`);
  });

  const snooze = withHomeOptions(
    alerts
      .command('snooze <id>')
      .description('deliver nothing of the kind, app and limit of an alert for a while'),
  )
    .option('--until <when>', 'a span such as 1h, a date, an instant, or window', '24h')
    .option('--off', 'take it back')
    .action(async (id: string, options: HomeOptions & { until: string; off?: boolean }) => {
      const alert = await withClient(clientOptions(options), (client) =>
        options.off
          ? client.alerts.wake({ id: idOf(id) })
          : client.alerts.snooze({ id: idOf(id), until: options.until }),
      );
      if (options.json) printJson(alert);
      else if (alert.snoozedUntil === null) printLine('It is delivered again.');
      else printLine(`Snoozed until ${localTime(alert.snoozedUntil)} UTC: ${alert.title}`);
    });
  examples(snooze, [['tollgate alerts snooze 12 --until window', 'until the limit it is about resets']]);

  addWebhookCommands(alerts);
}

function addWebhookCommands(alerts: Command): void {
  const webhook = alerts.command('webhook').description('post alerts to an address, as Slack takes them');
  const shown = (options: HomeOptions, view: WebhookView): void => {
    if (options.json) printJson(view);
    else showWebhook(view);
  };
  const set = withHomeOptions(
    webhook.command('set').description('set the address; it is a secret, so it is typed or piped'),
  )
    .option('--stdin', 'read it from standard input')
    .action(async (options: HomeOptions & { stdin?: boolean }) => {
      const what = 'the address of the webhook, typed in a terminal or piped with --stdin';
      const url = options.stdin
        ? (await readStdin()).toString('utf8').trim()
        : (await askSecret('Webhook address (it will not be shown): ', what)).trim();
      shown(options, await withClient(clientOptions(options), (client) => client.webhook.set({ url })));
    });
  examples(set, [['tollgate alerts webhook set --stdin < url.txt', '']]);
  withHomeOptions(
    webhook.command('show').description('say where alerts are posted, and how the latest went'),
  ).action(async (options: HomeOptions) => {
    shown(options, await withClient(clientOptions(options), (client) => client.webhook.get()));
  });
  withHomeOptions(webhook.command('test').description('post a test message')).action(
    async (options: HomeOptions) => {
      const view = await withClient(clientOptions(options), (client) => client.webhook.test());
      shown(options, view);
      if (!view.last?.delivered) process.exitCode = 1;
    },
  );
  withHomeOptions(webhook.command('remove').description('post alerts nowhere')).action(
    async (options: HomeOptions) => {
      shown(options, await withClient(clientOptions(options), (client) => client.webhook.remove()));
    },
  );
}

function idOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) {
    throw new AppError('input_invalid', { problem: `"${text.slice(0, 40)}" is not the number of an alert` });
  }
  return Number(text);
}

function showAlerts(alerts: readonly AlertView[]): void {
  printTable(
    [
      { title: 'ID', align: 'right' },
      { title: 'AT' },
      { title: 'SEVERITY' },
      { title: 'STATE' },
      { title: 'ALERT' },
    ],
    alerts.map((alert) => [
      String(alert.id),
      localTime(alert.at),
      alert.severity,
      alert.acknowledgedAt !== null ? 'seen' : alert.snoozedUntil !== null ? 'snoozed' : 'open',
      `${alert.title}${alert.count > 1 ? ` (${alert.count} times)` : ''}`,
    ]),
  );
}

function showWebhook({ address, last, waiting }: WebhookView): void {
  if (address === null) {
    printLine('Alerts are posted nowhere.');
    return;
  }
  printLine(`Alerts are posted to ${address}.`);
  if (last) {
    const how = last.delivered ? 'arrived' : `failed: ${last.problem ?? 'it was not taken'}`;
    printLine(
      `The latest, ${localTime(last.at)} UTC, ${how}${last.tries > 1 ? ` (try ${last.tries})` : ''}.`,
    );
  }
  if (waiting > 0) printLine(`${waiting} wait${waiting === 1 ? 's' : ''} to be sent.`);
}
