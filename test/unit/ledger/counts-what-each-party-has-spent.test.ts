import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WINDOWS, type Window } from '../../../proxy/contract/limits.ts';
import { type Party, sumOfParty } from '../../../proxy/ledger/party-counters.ts';
import { endEntry, holdEntry, NOON_MS } from '../../helpers/ledger-files.ts';
import { openTestLedger } from './ledger-fixture.ts';

const SPAN_MS = 40 * 60_000;
const request = fc.record({
  afterMs: fc.nat(SPAN_MS),
  appNum: fc.integer({ min: 1, max: 2 }),
  user: fc.constantFrom(null, 'mia', "mia' --"),
  address: fc.constantFrom(null, '127.0.0.1', '::1'),
  isOpen: fc.boolean(),
  cost: fc.nat(1_000_000),
});

const PARTIES: readonly Party[] = [1, 2].flatMap((appNum) => [
  ...['', 'mia', "mia' --", 'nobody'].map((name) => ({ appNum, kind: 'user' as const, name })),
  ...['127.0.0.1', '::1', '10.0.0.1'].map((name) => ({ appNum, kind: 'address' as const, name })),
]);

test('what a user or an address has spent in a window is the sum of its rows, open ones at their bound', () => {
  const { db, write, clear } = openTestLedger();
  fc.assert(
    fc.property(
      fc.array(request, { maxLength: 30 }),
      fc.array(fc.nat(SPAN_MS), { minLength: 6, maxLength: 6 }),
      (requests, starts) => {
        clear();
        const rows = requests.sort((a, b) => a.afterMs - b.afterMs);
        rows.forEach(({ afterMs, cost, isOpen, ...who }, index) => {
          const common = { ...who, atMs: NOON_MS + afterMs };
          write(holdEntry(index + 1, { ...common, holdNanoUsd: cost * 2 }));
          const { appNum, user, atMs } = common;
          if (!isOpen) write(endEntry(index + 1, { appNum, user, atMs, costNanoUsd: cost }));
        });
        const startMs = Object.fromEntries(
          WINDOWS.map((window, index) => [window, NOON_MS + (starts[index] ?? 0)]),
        ) as Record<Window, number>;
        for (const party of PARTIES) {
          const sums = sumOfParty(db, { ...party, startMs });
          for (const window of WINDOWS) {
            const own = rows.filter((row) => {
              const name = party.kind === 'user' ? (row.user ?? '') : row.address;
              const counts = row.isOpen || NOON_MS + row.afterMs >= startMs[window];
              return row.appNum === party.appNum && name === party.name && counts;
            });
            expect(sums[window]).toMatchObject({
              nanoUsd: own.reduce((sum, { cost, isOpen }) => sum + (isOpen ? cost * 2 : cost), 0),
              requests: own.length,
            });
          }
        }
      },
    ),
    { numRuns: 25 },
  );
});
