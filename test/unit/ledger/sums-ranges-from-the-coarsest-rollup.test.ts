import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JournalEntry } from '../../../proxy/ledger/entries.ts';
import { type RangeQuery, type RangeSum, sumRanges } from '../../../proxy/ledger/range-sums.ts';
import { cut, PLAIN_LEVELS, USER_LEVELS } from '../../../proxy/ledger/rollup-levels.ts';
import { endEntry, holdEntry, refusalEntry } from '../../helpers/ledger-files.ts';
import { openTestLedger } from './ledger-fixture.ts';

const QUARTER_MS = 900_000;
const DAY = 96;
/** The first quarter of a day and of a block of 32 days, so that ranges lie over the borders of both. */
const START = 32 * DAY * 640;
const SPAN = 70 * DAY;

interface Request {
  readonly quarter: number;
  readonly appNum: number;
  readonly model: string;
  readonly route: string;
  readonly user: string;
  readonly cost: number;
  readonly isRefused: boolean;
}

const request: fc.Arbitrary<Request> = fc.record({
  quarter: fc.nat(SPAN - 1).map((at) => START + at),
  appNum: fc.integer({ min: 1, max: 3 }),
  model: fc.constantFrom('gpt-5.4-mini', 'gpt-5.4'),
  route: fc.constantFrom('/v1/chat/completions', '/v1/responses'),
  user: fc.constantFrom('', 'mia', 'tom'),
  cost: fc.nat(1_000_000),
  isRefused: fc.boolean(),
});

const borders = (step: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
  fc.tuple(fc.nat(SPAN - 1), fc.array(step, { minLength: 1, maxLength: 12 })).map(([from, steps]) => {
    const all = [START - DAY + from];
    for (const each of steps) all.push((all.at(-1) ?? 0) + each);
    return all;
  });

/** Points as charts have them: of any length, and of a day or longer. */
const anyBorders = fc.oneof(
  borders(fc.integer({ min: 1, max: 200 })),
  borders(fc.constantFrom(92, 96, 100)),
  borders(fc.integer({ min: 96, max: 1_500 })),
  fc
    .constantFrom(74, 73, 0, 48, 4)
    .map((offset) => [0, 1, 2, 3, 40].map((day) => START + day * DAY + offset)),
);

const fields = {
  app_num: 'appNum',
  model: 'model',
  route: 'route',
  user: 'user',
} as const satisfies Record<string, keyof Request>;

function naive(requests: readonly Request[], query: RangeQuery): Map<unknown, Partial<RangeSum>>[] {
  const { by, appNum, model } = query;
  return query.borders.slice(0, -1).map((from, at) => {
    const end = query.borders[at + 1] ?? from;
    const sums = new Map<unknown, { requests: number; refused: number; costNanoUsd: number }>();
    for (const each of requests) {
      if (each.quarter < from || each.quarter >= end) continue;
      if ((appNum !== null && each.appNum !== appNum) || (model !== null && each.model !== model)) continue;
      const key = by === null ? null : each[fields[by]];
      const sum = sums.get(key) ?? { requests: 0, refused: 0, costNanoUsd: 0 };
      sums.set(key, {
        requests: sum.requests + (each.isRefused ? 0 : 1),
        refused: sum.refused + (each.isRefused ? 1 : 0),
        costNanoUsd: sum.costNanoUsd + (each.isRefused ? 0 : each.cost),
      });
    }
    return sums;
  });
}

test('whatever the ranges, their sums are those of the requests in them', () => {
  const { db, write, clear } = openTestLedger();
  fc.assert(
    fc.property(
      fc.array(request, { maxLength: 60 }),
      anyBorders,
      fc.constantFrom('app_num', 'model', 'route', 'user', null),
      fc.constantFrom(null, 2),
      fc.constantFrom(null, 'gpt-5.4'),
      (requests, cuts, by, appNum, model) => {
        clear();
        write(
          ...requests.flatMap(({ quarter, cost, isRefused, user, ...who }, at): JournalEntry[] => {
            const more = { ...who, user: user === '' ? null : user, atMs: quarter * QUARTER_MS + at };
            if (isRefused) return [refusalEntry(at + 1, more)];
            return [holdEntry(at + 1, more), endEntry(at + 1, { ...more, costNanoUsd: cost })];
          }),
        );
        const query = { borders: cuts, by, appNum, model };
        const found = sumRanges(db, query).map(
          (range) =>
            new Map(
              [...range].map(([key, { requests: count, refused, costNanoUsd }]) => [
                key,
                { requests: count, refused, costNanoUsd },
              ]),
            ),
        );
        expect(found).toEqual(naive(requests, query));
      },
    ),
    { numRuns: 150 },
  );
});

test.each([
  ['of apps', PLAIN_LEVELS],
  ['of users', USER_LEVELS],
])('a range is cut into stretches that have each quarter once, and are few: %s', (_what, levels) => {
  fc.assert(
    fc.property(fc.nat(20_000), fc.nat(20_000), (from, length) => {
      const parts = cut(from, from + length, levels);
      const quarters = parts.flatMap(({ level: { size }, first, end }) =>
        Array.from({ length: (end - first) * size }, (_, at) => first * size + at),
      );
      expect(quarters.sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, at) => from + at));
      expect(parts.length).toBeLessThanOrEqual(levels.length * 2 - 1);
    }),
    { numRuns: 60 },
  );
});
