import { type Command, Option } from 'commander';
import { APP_MODES, type AppMode, OPT_INS, type OptIn } from '../../contract/app-policy.ts';
import type { AppPolicyPatch, AppView, LimitView, NewLimit } from '../../contract/apps.ts';
import { AppError } from '../../contract/errors.ts';
import { formatCount, isMetric, isWindow, parseLimit } from '../../contract/limits.ts';
import { formatUsd } from '../../contract/money.ts';
import { type ControlClient, withClient } from '../control-client.ts';
import { type Column, localTime, printJson, printLine, printTable, say } from '../terminal.ts';
import { type RaiseOptions, raiseOf, raiseOptions } from './raise.ts';
import {
  clientOptions,
  collect,
  examples,
  explainLimits,
  type HomeOptions,
  wholeNumber,
  withHomeOptions,
} from './shared-options.ts';

interface PolicyOptions extends HomeOptions {
  readonly limit?: string[];
  readonly warn?: string[];
  readonly rpm?: number | 'none';
  readonly tpm?: number | 'none';
  readonly concurrency?: number | 'none';
  readonly perUser?: string[];
  readonly perIp?: string[];
  readonly model?: string[];
  readonly maxOutputTokens?: number | 'none';
  readonly allow?: string[];
  readonly unpriced?: 'deny' | 'dearest';
  readonly origin?: string[];
  readonly onAbort?: 'cut' | 'drain';
  readonly mode?: AppMode;
}

interface SetOptions extends PolicyOptions {
  readonly name?: string;
  readonly removeLimit?: string[];
}

const MAX_COUNT = 1_000_000_000;

export function addAppCommands(program: Command): void {
  const app = program.command('app').description('create apps, give them budgets, pause and revoke them');
  examples(app, [
    ['tollgate app create notebook --limit usd=5/day', ''],
    ['tollgate app list', 'what each has spent of its limits'],
    ['tollgate app set notebook --limit usd=10/day', 'raise it'],
    ['tollgate app pause notebook', 'stops it at once, streams too'],
  ]);

  const create = policyOptions(
    app.command('create <name>').description('create an app; its token is shown this once'),
  ).action(async (name: string, options: PolicyOptions) => {
    const { app: created, token } = await withClient(clientOptions(options), (client) =>
      client.apps.create({
        name,
        mode: options.mode ?? 'enforce',
        policy: policyOf(options),
        limits: limitsOf(options),
      }),
    );
    if (options.json) printJson({ id: created.id, name: created.name, token });
    else {
      printLine(`Created app ${created.name}. Its token, shown this once:`);
      printLine(`  ${token}`);
      say('Programs send it in place of the OpenAI key: OPENAI_API_KEY, with OPENAI_BASE_URL set to the');
      say('base URL that `tollgate serve` prints.');
      if (created.limits.length === 0) {
        say(`It has no limit yet: tollgate app set ${created.name} --limit usd=5/day`);
      }
    }
  });
  explainLimits(create);
  examples(create, [
    ['tollgate app create notebook --limit usd=5/day', ''],
    ['tollgate app create bot --limit usd=50/month --limit tokens=200k/hour --rpm 60', ''],
    ['tollgate app create ui --limit usd=1/day --origin http://localhost:3000', 'a web page may use it'],
    ['tollgate app create ci --limit usd=2/day --model "gpt-5*" --json', 'for scripts'],
  ]);

  withHomeOptions(app.command('list').description('list the apps and where their limits stand')).action(
    async (options: HomeOptions) => {
      const { apps } = await withClient(clientOptions(options), (client) => client.apps.list());
      if (options.json) printJson({ apps });
      else if (apps.length === 0) say('There are no apps yet: tollgate app create NAME --limit usd=5/day');
      else showApps(apps);
    },
  );

  withHomeOptions(app.command('show <name>').description('show one app with its limits and policy')).action(
    async (name: string, options: HomeOptions) => {
      const found = await withClient(clientOptions(options), (client) => client.apps.get({ app: name }));
      if (options.json) printJson(found);
      else showApp(found);
    },
  );

  const set = policyOptions(
    app.command('set <name>').description('change an app; what is not given stays as it is'),
  )
    .option('--name <new-name>', 'rename it')
    .option('--remove-limit <metric/window>', 'remove a limit, for example usd/day; may be repeated', collect)
    .action(async (name: string, options: SetOptions) => {
      const changed = await withClient(clientOptions(options), async (client) => {
        const before = await client.apps.get({ app: name });
        return client.apps.change({
          app: name,
          policy: policyOf(options),
          setLimits: limitsOf(options),
          removeLimits: (options.removeLimit ?? []).map((text) => limitToRemove(text, before.limits)),
          ...(options.name === undefined ? {} : { name: options.name }),
          ...(options.mode === undefined ? {} : { mode: options.mode }),
        });
      });
      if (options.json) printJson(changed);
      else showApp(changed);
    });
  explainLimits(set);
  examples(set, [
    ['tollgate app set notebook --limit usd=10/day', 'adds the limit, or changes its amount'],
    ['tollgate app set notebook --remove-limit usd/day', ''],
    ['tollgate app set notebook --rpm none --model none', 'none takes a rule away'],
  ]);

  raiseOptions(
    app.command('raise <name> <limit>').description('raise a limit of an app for a while'),
    'tollgate app raise notebook',
  ).action(async (name: string, limit: string, options: RaiseOptions) => {
    const changed = await withClient(clientOptions(options), async (client) => {
      const { limits } = await client.apps.get({ app: name });
      return client.apps.raise({ app: name, ...raiseOf(limit, options, limits) });
    });
    if (options.json) printJson(changed);
    else showApp(changed);
  });

  const simple = (
    verb: 'pause' | 'resume',
    description: string,
    call: (client: ControlClient, app: string) => Promise<AppView>,
  ): void => {
    withHomeOptions(app.command(`${verb} <name>`).description(description)).action(
      async (name: string, options: HomeOptions) => {
        const changed = await withClient(clientOptions(options), (client) => call(client, name));
        if (options.json) printJson(changed);
        else printLine(`App ${changed.name} is ${changed.mode === 'paused' ? 'paused' : 'running'}.`);
      },
    );
  };
  simple('pause', 'refuse the requests of an app and cut its streams', (client, name) =>
    client.apps.pause({ app: name }),
  );
  simple('resume', 'let a paused app send again', (client, name) => client.apps.resume({ app: name }));

  withHomeOptions(
    app.command('rotate <name>').description('revoke the tokens of an app and make a new one'),
  ).action(async (name: string, options: HomeOptions) => {
    const rotated = await withClient(clientOptions(options), (client) => client.apps.rotate({ app: name }));
    if (options.json) printJson({ id: rotated.app.id, name: rotated.app.name, token: rotated.token });
    else printLine(`The old token is revoked. The new one, shown this once:\n  ${rotated.token}`);
  });

  withHomeOptions(
    app.command('remove <name>').description('remove an app; what it has spent stays on record'),
  ).action(async (name: string, options: HomeOptions) => {
    const removed = await withClient(clientOptions(options), (client) => client.apps.remove({ app: name }));
    if (options.json) printJson(removed);
    else printLine(`Removed app ${removed.name}. Its tokens are revoked.`);
  });
}

function policyOptions(command: Command): Command {
  return withHomeOptions(command)
    .option(
      '--limit <metric=amount/window>',
      'refuse above this, for example usd=5/day; may be repeated',
      collect,
    )
    .option('--warn <metric=amount/window>', 'only warn above this; may be repeated', collect)
    .option('--rpm <n>', 'at most this many requests per minute, or none for no rule', countOrNone)
    .option('--tpm <n>', 'at most this many model tokens per minute, or none', countOrNone)
    .option('--concurrency <n>', 'at most this many requests at once, or none', countOrNone)
    .option('--per-user <limit>', 'a limit for each end user of the app; may be repeated', collect)
    .option('--per-ip <limit>', 'a limit for each client address; may be repeated', collect)
    .option('--model <glob>', 'allow only these models, for example "gpt-5*"; may be repeated', collect)
    .option('--max-output-tokens <n>', 'the most output tokens of one answer, or none', countOrNone)
    .addOption(
      new Option('--allow <what>', `endpoints beyond the usual: ${OPT_INS.join(', ')} or all`).argParser(
        collect,
      ),
    )
    .addOption(
      new Option('--unpriced <how>', 'a model without a price under a USD limit').choices([
        'deny',
        'dearest',
      ]),
    )
    .option('--origin <url>', 'a web origin that may call with its token; may be repeated', collect)
    .addOption(new Option('--on-abort <how>', 'a stream that is abandoned').choices(['cut', 'drain']))
    .addOption(new Option('--mode <mode>', 'enforce limits, or only observe').choices(APP_MODES));
}

function countOrNone(text: string): number | 'none' {
  return text === 'none' ? 'none' : wholeNumber(1, MAX_COUNT)(text);
}

const orNull = (value: number | 'none'): number | null => (value === 'none' ? null : value);
const orEmpty = (values: readonly string[]): string[] => values.filter((value) => value !== 'none');

function policyOf(options: PolicyOptions): AppPolicyPatch {
  const { rpm, tpm, concurrency, maxOutputTokens, model, origin, perUser, perIp, allow } = options;
  return {
    ...(rpm === undefined ? {} : { rpm: orNull(rpm) }),
    ...(tpm === undefined ? {} : { tpm: orNull(tpm) }),
    ...(concurrency === undefined ? {} : { concurrency: orNull(concurrency) }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens: orNull(maxOutputTokens) }),
    ...(model === undefined ? {} : { models: orEmpty(model) }),
    ...(origin === undefined ? {} : { origins: orEmpty(origin) }),
    ...(perUser === undefined ? {} : { perUser: orEmpty(perUser).map(parseLimit) }),
    ...(perIp === undefined ? {} : { perIp: orEmpty(perIp).map(parseLimit) }),
    ...(allow === undefined ? {} : { allow: optInsOf(allow) }),
    ...(options.unpriced === undefined ? {} : { unpriced: options.unpriced }),
    ...(options.onAbort === undefined ? {} : { onAbort: options.onAbort }),
  };
}

function optInsOf(values: readonly string[]): OptIn[] {
  const chosen = values.flatMap((value) => value.split(','));
  if (chosen.includes('none')) return [];
  if (chosen.includes('all')) return [...OPT_INS];
  return chosen.map((value) => {
    const known = OPT_INS.find((optIn) => optIn === value);
    if (!known) {
      throw new AppError('input_invalid', {
        problem: `--allow knows ${OPT_INS.join(', ')} and all, not "${value.slice(0, 40)}"`,
      });
    }
    return known;
  });
}

function limitsOf(options: PolicyOptions): NewLimit[] {
  return [
    ...(options.limit ?? []).map((text) => ({ ...parseLimit(text), enforce: 'hard' as const })),
    ...(options.warn ?? []).map((text) => ({ ...parseLimit(text), enforce: 'warn' as const })),
  ];
}

/** `usd/day` names the hard limit, or the warning where there is no hard one. */
export function limitToRemove(
  text: string,
  limits: readonly Pick<LimitView, 'metric' | 'window' | 'enforce'>[],
): Pick<LimitView, 'metric' | 'window' | 'enforce'> {
  const [metric = '', window = '', ...rest] = text.split('/');
  if (!isMetric(metric) || !isWindow(window) || rest.length > 0) {
    throw new AppError('limit_malformed', {
      limit: text.slice(0, 60),
      problem: 'a limit to remove is named as METRIC/WINDOW, for example usd/day',
    });
  }
  const found = limits.filter((limit) => limit.metric === metric && limit.window === window);
  const enforce = found.some((limit) => limit.enforce === 'hard') || found.length === 0 ? 'hard' : 'warn';
  return { metric, window, enforce };
}

const APP_COLUMNS: readonly Column[] = [
  { title: 'APP' },
  { title: 'MODE' },
  { title: 'LIMIT' },
  { title: 'SPENT', align: 'right' },
  { title: 'HELD', align: 'right' },
  { title: 'FREE', align: 'right' },
  { title: 'RESETS' },
];

function showApps(apps: readonly AppView[]): void {
  const rows = apps.flatMap(({ name, mode, limits }) =>
    limits.length === 0
      ? [[name, mode, 'none', '', '', '', '']]
      : limits.map((limit, index) => [
          index === 0 ? name : '',
          index === 0 ? mode : '',
          ...limitCells(limit),
        ]),
  );
  printTable(APP_COLUMNS, rows);
}

/** Limit, settled, held, free and reset, as people read them. */
export function limitCells(limit: LimitView): string[] {
  const { metric, amount, window, enforce, settled, held, free, resetsAt } = limit;
  const show = (value: number): string => (metric === 'usd' ? formatUsd(value) : formatCount(value));
  const more = limit.raise ? ` + ${show(limit.raise.amount)} until ${localTime(limit.raise.until)}` : '';
  const title = `${metric} ${show(amount)}/${window}${enforce === 'warn' ? ' (warn)' : ''}${more}`;
  return [title, show(settled), show(held), show(free), resetsAt === null ? 'never' : localTime(resetsAt)];
}

function showApp(app: AppView): void {
  printLine(`${app.name}  ${app.id}  ${app.mode}  ${app.tokens} token${app.tokens === 1 ? '' : 's'}`);
  if (app.limits.length > 0) printTable(APP_COLUMNS.slice(2), app.limits.map(limitCells));
  else printLine('no limits');
  const { policy } = app;
  const line = (title: string, value: unknown): void => {
    if (value === null || (Array.isArray(value) && value.length === 0)) return;
    printLine(`${title}: ${Array.isArray(value) ? value.join(', ') : String(value)}`);
  };
  line('requests per minute', policy.rpm);
  line('tokens per minute', policy.tpm);
  line('concurrent requests', policy.concurrency);
  line('models', policy.models);
  line('most output tokens', policy.maxOutputTokens);
  line('allowed beyond the usual', policy.allow);
  line('origins', policy.origins);
  line('models without a price', policy.unpriced === 'deny' ? null : policy.unpriced);
}
