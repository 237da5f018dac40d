import { APP_NAME_PATTERN, type AppMode } from '../../../../proxy/contract/app-policy.ts';
import type { AppPolicyPatch, NewLimit } from '../../../../proxy/contract/apps.ts';
import { parseCount } from '../../../../proxy/contract/limits.ts';
import { isSameLimit, type LimitDraft, newDraft, readDraft } from '../../components/limit-draft.ts';
import { limitEditText } from '../../text/limit-edit.ts';
import { newAppText as text } from '../../text/new-app.ts';

/** A new app while it is typed in. */
export interface NewAppDraft {
  readonly name: string;
  readonly mode: AppMode;
  readonly limits: readonly LimitDraft[];
  readonly models: readonly string[];
  readonly maxOutputTokens: string;
  readonly rpm: string;
  readonly concurrency: string;
}

/** Limits that most programs can begin with. */
export const LIMIT_PRESETS = {
  small: { amount: '1', window: 'day' },
  day: { amount: '5', window: 'day' },
  month: { amount: '20', window: 'month' },
  trial: { amount: '0.50', window: 'total' },
} as const;
export type LimitPreset = keyof typeof LIMIT_PRESETS;

export function emptyDraft(): NewAppDraft {
  return {
    name: '',
    mode: 'enforce',
    limits: [newDraft(LIMIT_PRESETS.small)],
    models: [],
    maxOutputTokens: '',
    rpm: '',
    concurrency: '',
  };
}

export interface NewApp {
  readonly name: string;
  readonly mode: AppMode;
  readonly limits: NewLimit[];
  readonly policy: AppPolicyPatch;
}

export interface NewAppProblems {
  readonly name: string | null;
  /** By the id of the draft. */
  readonly limits: ReadonlyMap<number, string>;
  readonly maxOutputTokens: string | null;
  readonly rpm: string | null;
  readonly concurrency: string | null;
}

/** What would be created, or null with what is wrong. */
export function readNewApp(draft: NewAppDraft): {
  readonly app: NewApp | null;
  readonly problems: NewAppProblems;
} {
  const limits: NewLimit[] = [];
  const limitProblems = new Map<number, string>();
  for (const each of draft.limits) {
    const { limit, problem } = readDraft(each);
    if (limit === null) limitProblems.set(each.id, problem);
    else if (limits.some((other) => isSameLimit(other, limit))) {
      limitProblems.set(each.id, limitEditText.problems.twice);
    } else limits.push(limit);
  }
  const counts = {
    maxOutputTokens: readRule(draft.maxOutputTokens),
    rpm: readRule(draft.rpm),
    concurrency: readRule(draft.concurrency),
  };
  const problems: NewAppProblems = {
    name: nameProblem(draft.name),
    limits: limitProblems,
    maxOutputTokens: counts.maxOutputTokens.problem,
    rpm: counts.rpm.problem,
    concurrency: counts.concurrency.problem,
  };
  const isWrong =
    limitProblems.size > 0 || Object.values(problems).some((problem) => typeof problem === 'string');
  if (isWrong) return { app: null, problems };
  const policy: AppPolicyPatch = {
    ...(draft.models.length === 0 ? {} : { models: [...draft.models] }),
    ...(counts.maxOutputTokens.value === null ? {} : { maxOutputTokens: counts.maxOutputTokens.value }),
    ...(counts.rpm.value === null ? {} : { rpm: counts.rpm.value }),
    ...(counts.concurrency.value === null ? {} : { concurrency: counts.concurrency.value }),
  };
  return { app: { name: draft.name.trim(), mode: draft.mode, limits, policy }, problems };
}

/** What a name would be refused for; null when it is fine. */
export function nameProblem(name: string): string | null {
  const trimmed = name.trim();
  if (trimmed === '') return text.nameEmpty;
  if (/^(sk-|tg_)[\w-]{16,}/.test(trimmed)) return text.nameKey;
  return APP_NAME_PATTERN.test(trimmed) ? null : text.nameInvalid;
}

/** A rule that may be left out: empty is none. */
export function readRule(shown: string): { readonly value: number | null; readonly problem: string | null } {
  if (shown.trim() === '') return { value: null, problem: null };
  const value = parseCount(shown);
  return value === null || value < 1 || value > 1_000_000_000
    ? { value: null, problem: text.wholeNumber }
    : { value, problem: null };
}
