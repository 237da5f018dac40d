import { expect, test } from 'vitest';
import { relativeTime } from '../../../renderer/src/format/time.ts';

const NOW_MS = Date.UTC(2026, 10, 25, 12);

test.each([
  [3, 'now'],
  [59, 'in 59 sec'],
  [60, 'in 1 min'],
  [3_569, 'in 59 min'],
  [3_599, 'in 1 hr'],
  [-3_599, '1 hr ago'],
  [84_500, 'in 23 hr'],
  [86_399, 'tomorrow'],
])('%i seconds from now is "%s"', (seconds, text) => {
  const said = relativeTime(new Date(NOW_MS + seconds * 1_000).toISOString(), NOW_MS);
  expect(said.replace(/\./g, '')).toBe(text);
});
