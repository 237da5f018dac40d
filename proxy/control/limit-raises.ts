import type { LimitRaise } from '../contract/limits.ts';
import type { LimitKey, LimitRaiseChange } from '../ledger/records.ts';
import type { App } from '../ledger/registry.ts';
import { requireLimit } from './app-commands.ts';
import type { ControlDeps } from './control-deps.ts';
import { readAhead } from './instants.ts';

export interface RaiseToSet {
  readonly limit: LimitKey;
  /** Null takes a raise back. */
  readonly amount: number | null;
  readonly until: string;
}

/** @throws AppError `limit_unknown` or `input_invalid` */
export function raiseAppLimit(deps: ControlDeps, app: App, raise: RaiseToSet): Promise<App> {
  requireLimit(app.limits, raise.limit);
  return deps.registry.raiseAppLimit(app, toChange(deps, raise));
}

/** @throws AppError `limit_unknown` or `input_invalid` */
export async function raiseKeyLimit(deps: ControlDeps, raise: RaiseToSet): Promise<void> {
  requireLimit(deps.registry.keyLimits, raise.limit);
  await deps.registry.raiseKeyLimit(toChange(deps, raise));
}

function toChange(deps: ControlDeps, { limit, amount, until }: RaiseToSet): Omit<LimitRaiseChange, 'appNum'> {
  const raise: LimitRaise | null = amount === null ? null : { amount, untilMs: readAhead(deps, until) };
  return { limit, raise };
}
