import type { OptIn } from '../../../../proxy/contract/app-policy.ts';
import type { AppPolicy, AppPolicyPatch } from '../../../../proxy/contract/apps.ts';
import { type LimitSpec, parseCount } from '../../../../proxy/contract/limits.ts';
import { draftOf, isSameLimit, type LimitDraft, readDraft } from '../../components/limit-draft.ts';
import { appPolicyText as text } from '../../text/app-policy.ts';
import { limitEditText } from '../../text/limit-edit.ts';

export const COUNT_RULES = ['rpm', 'tpm', 'concurrency', 'maxOutputTokens'] as const;
export type CountRule = (typeof COUNT_RULES)[number];
const MOST: Readonly<Record<CountRule, number>> = {
  rpm: 1_000_000_000,
  tpm: 1_000_000_000,
  concurrency: 10_000,
  maxOutputTokens: 1_000_000_000,
};

/** A policy while it is changed: numbers as they are typed. */
export interface PolicyDraft {
  readonly counts: Readonly<Record<CountRule, string>>;
  readonly models: readonly string[];
  readonly allow: readonly OptIn[];
  readonly unpriced: AppPolicy['unpriced'];
  readonly origins: readonly string[];
  readonly onAbort: AppPolicy['onAbort'];
  readonly perUser: readonly LimitDraft[];
  readonly perIp: readonly LimitDraft[];
}

export function policyDraftOf(policy: AppPolicy): PolicyDraft {
  const shown = (value: number | null): string => (value === null ? '' : String(value));
  const { rpm, tpm, concurrency, maxOutputTokens } = policy;
  return {
    counts: {
      rpm: shown(rpm),
      tpm: shown(tpm),
      concurrency: shown(concurrency),
      maxOutputTokens: shown(maxOutputTokens),
    },
    models: policy.models,
    allow: policy.allow,
    unpriced: policy.unpriced,
    origins: policy.origins,
    onAbort: policy.onAbort,
    perUser: policy.perUser.map(draftOf),
    perIp: policy.perIp.map(draftOf),
  };
}

export interface ReadPolicy {
  /** Only what differs from the policy that holds; null while something is wrong. */
  readonly patch: AppPolicyPatch | null;
  readonly isChanged: boolean;
  readonly counts: Readonly<Partial<Record<CountRule, string>>>;
  /** By the id of the draft. */
  readonly limits: ReadonlyMap<number, string>;
}

export function readPolicy(policy: AppPolicy, draft: PolicyDraft): ReadPolicy {
  const counts: Partial<Record<CountRule, string>> = {};
  const limits = new Map<number, string>();
  const values: AppPolicyPatch = {
    models: [...draft.models],
    allow: [...draft.allow],
    unpriced: draft.unpriced,
    origins: [...draft.origins],
    onAbort: draft.onAbort,
    perUser: readLimits(draft.perUser, limits),
    perIp: readLimits(draft.perIp, limits),
  };
  for (const rule of COUNT_RULES) {
    const typed = draft.counts[rule].trim();
    const value = typed === '' ? null : parseCount(typed);
    if (typed !== '' && (value === null || value < 1)) counts[rule] = text.wholeNumber;
    else if (value !== null && value > MOST[rule]) {
      counts[rule] = rule === 'concurrency' ? text.tooMany : text.wholeNumber;
    } else values[rule] = value;
  }
  const changed = Object.entries(values).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(policy, name)),
  );
  const isWrong = limits.size > 0 || Object.keys(counts).length > 0;
  const isChanged = isWrong || changed.length > 0;
  return { patch: isWrong ? null : Object.fromEntries(changed), isChanged, counts, limits };
}

function readLimits(drafts: readonly LimitDraft[], problems: Map<number, string>): LimitSpec[] {
  const read: { metric: LimitSpec['metric']; amount: number; window: LimitSpec['window'] }[] = [];
  for (const draft of drafts) {
    const { limit, problem } = readDraft(draft);
    if (limit === null) {
      problems.set(draft.id, problem);
      continue;
    }
    const { metric, amount, window } = limit;
    if (read.some((other) => isSameLimit({ ...other, enforce: 'hard' }, { ...limit, enforce: 'hard' }))) {
      problems.set(draft.id, limitEditText.problems.twice);
    } else read.push({ metric, amount, window });
  }
  return read;
}
