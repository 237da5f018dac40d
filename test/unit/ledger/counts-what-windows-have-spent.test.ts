import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WINDOWS, type Window } from '../../../proxy/contract/limits.ts';
import { sumSinceWindows } from '../../../proxy/ledger/counters.ts';
import { recover } from '../../../proxy/ledger/recovery.ts';
import { endEntry, holdEntry, NOON_MS, refusalEntry } from '../../helpers/ledger-files.ts';
import { openTestLedger } from './ledger-fixture.ts';

const SPAN_MS = 40 * 60_000;

const request = fc.record({
  afterMs: fc.nat(SPAN_MS),
  appNum: fc.integer({ min: 1, max: 3 }),
  kind: fc.constantFrom('settled', 'estimated', 'voided', 'open', 'refused'),
  cost: fc.option(fc.nat(1_000_000), { freq: 5 }),
});

test('I4 the counters a start begins with are the sums of the rows, for windows that begin anywhere', () => {
  const { db, write, clear } = openTestLedger();
  fc.assert(
    fc.property(
      fc.array(request, { maxLength: 40 }),
      fc.array(fc.nat(SPAN_MS), { minLength: 6, maxLength: 6 }),
      (requests, starts) => {
        clear();
        const rows = requests
          .sort((a, b) => a.afterMs - b.afterMs)
          .map((row, index) => ({ ...row, seq: index + 1, atMs: NOON_MS + row.afterMs }));
        for (const { seq, atMs, appNum, kind, cost } of rows) {
          if (kind === 'refused') write(refusalEntry(seq, { atMs, appNum, count: 3 }));
          else write(holdEntry(seq, { atMs, appNum, holdNanoUsd: cost }));
          if (kind === 'settled' || kind === 'estimated') {
            write(endEntry(seq, { atMs, appNum, outcome: kind, costNanoUsd: cost }));
          } else if (kind === 'voided') {
            write(
              endEntry(seq, { atMs, appNum, outcome: kind, costNanoUsd: 0, inputTokens: 0, outputTokens: 0 }),
            );
          }
        }
        recover(db);
        const startMs = Object.fromEntries(
          WINDOWS.map((window, index) => [window, NOON_MS + (starts[index] ?? 0)]),
        ) as Record<Window, number>;
        const sums = sumSinceWindows(db, { ...startMs, total: 0 });
        for (const window of WINDOWS) {
          for (const appNum of [1, 2, 3]) {
            const from = window === 'total' ? 0 : startMs[window];
            const counted = rows.filter(
              (row) => row.appNum === appNum && row.atMs >= from && row.kind !== 'refused',
            );
            const spent = counted.reduce(
              (sum, row) => sum + (row.kind === 'voided' ? 0 : (row.cost ?? 0)),
              0,
            );
            const found = sums[window].get(appNum);
            expect([found?.nanoUsd ?? 0, found?.requests ?? 0]).toEqual([spent, counted.length]);
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});
