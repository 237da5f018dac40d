import type { Command } from 'commander';
import type { LimitView } from '../../contract/apps.ts';
import { AppError } from '../../contract/errors.ts';
import { parseLimit } from '../../contract/limits.ts';
import type { HomeOptions } from './shared-options.ts';
import { examples, withHomeOptions } from './shared-options.ts';

export interface RaiseOptions extends HomeOptions {
  readonly until: string;
  readonly off?: boolean;
}

export interface Raise {
  readonly limit: Pick<LimitView, 'metric' | 'window' | 'enforce'>;
  readonly amount: number | null;
  readonly until: string;
}

/** Adds the options of a command that raises a limit for a while. */
export function raiseOptions(command: Command, name: string): Command {
  withHomeOptions(command)
    .option('--until <when>', 'midnight, a span such as 2h, a date, or an instant', 'midnight')
    .option('--off', 'take the raise back; name the limit as METRIC/WINDOW');
  examples(command, [
    [`${name} usd=2/day`, '2 dollars more until midnight'],
    [`${name} tokens=100k/hour --until 2h`, ''],
    [`${name} usd/day --off`, 'take it back'],
  ]);
  return command;
}

/** What to raise, and by how much; `usd=2/day` adds two dollars to the limit of each day. */
export function raiseOf(text: string, { until, off }: RaiseOptions, limits: readonly LimitView[]): Raise {
  if (off) {
    const [metric = '', window = ''] = text.split('/');
    const known = limits.find((limit) => limit.metric === metric && limit.window === window);
    if (!known) throw new AppError('limit_unknown', { limit: text.slice(0, 60) });
    return { limit: keyOf(known), amount: null, until };
  }
  const { metric, window, amount } = parseLimit(text);
  const found = limits.filter((limit) => limit.metric === metric && limit.window === window);
  const known = found.find(({ enforce }) => enforce === 'hard') ?? found[0];
  if (!known) throw new AppError('limit_unknown', { limit: `${metric}/${window}` });
  return { limit: keyOf(known), amount, until };
}

function keyOf({ metric, window, enforce }: LimitView): Raise['limit'] {
  return { metric, window, enforce };
}
