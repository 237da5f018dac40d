import { expect, test } from 'vitest';
import { nowBeside, relativeTime } from '../../../renderer/src/format/time.ts';

const STEP_MS = Date.UTC(2026, 10, 25, 12);
/** The page's step of now is up to ten seconds old. */
const CLOCK_MS = STEP_MS + 9_500;
const words = (afterStepMs: number): string => {
  const iso = new Date(STEP_MS + afterStepMs).toISOString();
  return relativeTime(iso, nowBeside(iso, STEP_MS, CLOCK_MS));
};

test.each([
  ['a request that has begun since the last step', 9_000, 'now'],
  ['one before it', -120_000, '2 min. ago'],
  ['a reset that is still to come', 9_500 + 3_600_000, 'in 1 hr.'],
  ['one in a few seconds', 9_500 + 20_000, 'in 20 sec.'],
])('%s', (_what, afterStepMs, shown) => {
  expect(words(afterStepMs)).toBe(shown);
});
