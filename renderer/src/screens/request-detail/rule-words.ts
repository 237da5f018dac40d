import { isMetric, isWindow, parseLimit } from '../../../../proxy/contract/limits.ts';
import { limitWords } from '../../format/limit-words.ts';
import { requestDetailText as text } from '../../text/request-detail.ts';

const PLACES = [
  ['of the whole key', 'key'],
  ['of the app', 'app'],
  ['of each end user', 'user'],
  ['of each client address', 'address'],
  ['of the run', 'run'],
] as const;

export interface Rule {
  readonly words: string;
  /** Whether it is a limit of the whole key; any other belongs to the app. */
  readonly isOfKey: boolean;
}

/** `limit usd=5/day of the app`, as the engine says it, in the words of the page; as it is when it is other. */
export function ruleWords(rule: string): Rule {
  const [, limit = '', place = ''] = /^limit (\S+) (.+)$/.exec(rule) ?? [];
  const [, where] = PLACES.find(([ending]) => ending === place) ?? [];
  const [, metric = '', window = ''] = /^(\w+)=[\d.]+\/(\w+)$/.exec(limit) ?? [];
  if (where === undefined || !isMetric(metric) || !isWindow(window)) return { words: rule, isOfKey: false };
  return { words: text.refusal.ruleOf[where](limitWords(parseLimit(limit))), isOfKey: where === 'key' };
}
