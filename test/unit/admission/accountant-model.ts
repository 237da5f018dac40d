import {
  type Accountant,
  appScope,
  type Bound,
  type Hold,
  KEY_SCOPE,
} from '../../../proxy/admission/accountant.ts';
import type { LimitRule } from '../../../proxy/admission/scope.ts';

export const APPS = ['a', 'b'] as const;
export const SCOPES = [KEY_SCOPE, ...APPS.map(appScope)];

export const rule = (id: number, more: Partial<LimitRule>): LimitRule => ({
  id,
  metric: 'usd',
  amount: 1_000_000,
  window: 'total',
  enforce: 'hard',
  ...more,
});

/** A request that costs one nano-dollar an input token and two an output token. */
export const bound = (more: Partial<Bound> = {}): Bound => ({
  inputTokens: 100,
  outputTokens: 1_000,
  choices: 1,
  canShorten: false,
  ...more,
  costNanoUsd: (outputTokens) => (more.inputTokens ?? 100) + 2 * outputTokens * (more.choices ?? 1),
});

/** What a hold was taken for, for a naive count beside the accountant. */
export interface Taken {
  readonly hold: Hold;
  readonly app: string;
}

/** Every hard limit that is past its amount. */
export function crossed(accountant: Accountant): string[] {
  return accountant
    .states()
    .filter(({ rule: { amount }, settled, held }) => settled + held > amount)
    .map(({ scope, rule: { metric, window } }) => `${scope} ${metric}/${window}`);
}
