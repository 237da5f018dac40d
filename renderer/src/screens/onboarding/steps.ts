import type { AppView, LimitView } from '../../../../proxy/contract/apps.ts';
import type { KeyStatus } from '../../../../proxy/contract/keys.ts';
import type { SearchText } from '../../router/search.ts';

export const STEPS = ['key', 'cap', 'app', 'connect'] as const;
export type Step = (typeof STEPS)[number];

/** The step of the address, if it names one. */
export function stepOf({ step }: Readonly<SearchText>): { readonly step: Step | null } {
  return { step: STEPS.find((each) => each === step) ?? null };
}

export interface Progress {
  readonly key: KeyStatus;
  readonly limits: readonly LimitView[];
  readonly apps: readonly AppView[];
}

export function monthlyCap(limits: readonly LimitView[]): LimitView | undefined {
  return limits.find(
    ({ metric, window, enforce }) => metric === 'usd' && window === 'month' && enforce === 'hard',
  );
}

/** What is done already is known by the engine, so that the steps go on where they were left. */
export function isDone(step: Step, { key, limits, apps }: Progress): boolean {
  if (step === 'key') return key.state === 'ready';
  if (step === 'cap') return monthlyCap(limits) !== undefined;
  if (step === 'app') return apps.length > 0;
  return apps.some(({ lastSeenAt }) => lastSeenAt !== null);
}

/** The first that is left; the last one when all are done. */
export function firstOpen(progress: Progress): Step {
  return STEPS.find((step) => !isDone(step, progress)) ?? 'connect';
}

export function after(step: Step): Step {
  return STEPS[STEPS.indexOf(step) + 1] ?? 'connect';
}
