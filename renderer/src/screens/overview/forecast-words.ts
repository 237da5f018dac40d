import type { Forecast } from '../../../../proxy/contract/usage.ts';
import type { Tone } from '../../components/status-badge.tsx';
import { briefAmountOf } from '../../format/limit-words.ts';
import { nearTime } from '../../format/time.ts';
import { overviewText } from '../../text/overview.ts';

export interface ForecastWords {
  readonly tone: Tone;
  readonly words: string;
  /** What the likely number lies between; null where there is none. */
  readonly range: string | null;
}

/** Where a limit is going, for people. Nobody knows is said as such. */
export function forecastWords(of: Forecast, zone: string, nowMs: number): ForecastWords {
  const { limit, state, atReset, reachesAt } = of;
  const { forecast } = overviewText;
  const range =
    atReset &&
    forecast.range(briefAmountOf(limit.metric, atReset.low), briefAmountOf(limit.metric, atReset.high));
  // The numbers of the limit are newer than the forecast, which is read again more seldom.
  const isOver = state === 'over' || limit.free <= 0;
  if (isOver && limit.enforce === 'warn') return { tone: 'warn', words: forecast.passed, range: null };
  if (isOver) {
    const words = limit.resetsAt === null ? forecast.overForever : forecast.over;
    return { tone: 'bad', words, range: null };
  }
  if (state === 'reaches' && reachesAt !== null) {
    return { tone: 'warn', words: forecast.reaches(nearTime(reachesAt, zone, nowMs)), range };
  }
  if (state === 'within' && atReset) {
    return { tone: 'good', words: forecast.within(briefAmountOf(limit.metric, atReset.likely)), range };
  }
  return { tone: 'quiet', words: forecast.tooLittle, range: null };
}
