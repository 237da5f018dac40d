import type { Command } from 'commander';
import type { LimitView } from '../../contract/apps.ts';
import { parseLimit } from '../../contract/limits.ts';
import { withClient } from '../control-client.ts';
import { printJson, printTable, say } from '../terminal.ts';
import { limitCells, limitToRemove } from './app.ts';
import { type RaiseOptions, raiseOf, raiseOptions } from './raise.ts';
import {
  clientOptions,
  examples,
  explainLimits,
  type HomeOptions,
  withHomeOptions,
} from './shared-options.ts';

interface SetOptions extends HomeOptions {
  readonly warn?: boolean;
}

export function addLimitCommands(program: Command): void {
  const limit = program.command('limit').description('limits on everything that uses the key');
  examples(limit, [
    ['tollgate limit set usd=50/month', 'all apps together'],
    ['tollgate limit set usd=5/day tokens=2M/day', ''],
    ['tollgate limit list', 'where they stand'],
    ['tollgate limit remove usd/month', ''],
  ]);

  const set = withHomeOptions(
    limit.command('set <limit...>').description('set one or more limits, for example usd=50/month'),
  )
    .option('--warn', 'only warn above them')
    .action(async (texts: string[], options: SetOptions) => {
      const enforce = options.warn ? ('warn' as const) : ('hard' as const);
      const { limits } = await withClient(clientOptions(options), (client) =>
        client.limits.set({ limits: texts.map((text) => ({ ...parseLimit(text), enforce })) }),
      );
      showLimits(limits, options);
    });
  explainLimits(set);
  examples(set, [
    ['tollgate limit set usd=50/month', ''],
    ['tollgate limit set usd=40/month --warn', 'an alert on the way'],
  ]);

  raiseOptions(
    limit.command('raise <limit>').description('raise a limit for a while'),
    'tollgate limit raise',
  ).action(async (text: string, options: RaiseOptions) => {
    const { limits } = await withClient(clientOptions(options), async (client) => {
      const before = await client.limits.list();
      return client.limits.raise(raiseOf(text, options, before.limits));
    });
    showLimits(limits, options);
  });

  withHomeOptions(limit.command('list').description('list the limits and where they stand')).action(
    async (options: HomeOptions) => {
      const { limits } = await withClient(clientOptions(options), (client) => client.limits.list());
      showLimits(limits, options);
    },
  );

  withHomeOptions(
    limit.command('remove <metric/window>').description('remove a limit, for example usd/month'),
  ).action(async (text: string, options: HomeOptions) => {
    const { limits } = await withClient(clientOptions(options), async (client) => {
      const before = await client.limits.list();
      return client.limits.remove(limitToRemove(text, before.limits));
    });
    showLimits(limits, options);
  });
}

function showLimits(limits: readonly LimitView[], options: HomeOptions): void {
  if (options.json) printJson({ limits });
  else if (limits.length === 0) say('There is no limit on the whole key: tollgate limit set usd=50/month');
  else {
    printTable(
      [
        { title: 'LIMIT' },
        { title: 'SPENT', align: 'right' },
        { title: 'HELD', align: 'right' },
        { title: 'FREE', align: 'right' },
        { title: 'RESETS' },
      ],
      limits.map(limitCells),
    );
  }
}
