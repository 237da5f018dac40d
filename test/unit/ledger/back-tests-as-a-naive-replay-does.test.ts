import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Metric, Window } from '../../../proxy/contract/limits.ts';
import { type BacktestLimit, backtest } from '../../../proxy/ledger/backtest.ts';
import { endEntry, holdEntry, NOON_MS, refusalEntry } from '../../helpers/ledger-files.ts';
import { openTestLedger } from './ledger-fixture.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const LENGTH: Readonly<Record<string, number>> = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS };
const FROM_MS = NOON_MS - 2 * DAY_MS;
const TO_MS = NOON_MS;

interface Call {
  readonly atMs: number;
  readonly appNum: number;
  readonly usd: number;
  readonly input: number;
  readonly output: number;
  readonly isRefused: boolean;
}

const call: fc.Arbitrary<Call> = fc.record({
  atMs: fc.integer({ min: -HOUR_MS, max: TO_MS - FROM_MS + HOUR_MS }).map((offset) => FROM_MS + offset),
  appNum: fc.constantFrom(1, 1, 2),
  usd: fc.nat(1_000),
  input: fc.nat(100),
  output: fc.nat(100),
  isRefused: fc.boolean().map((refused) => refused),
});
const limit = fc.record({
  metric: fc.constantFrom<Metric>('usd', 'tokens', 'input_tokens', 'output_tokens', 'requests'),
  amount: fc.nat(3_000),
  window: fc.constantFrom<Window>('minute', 'hour', 'day', 'total'),
  enforce: fc.constantFrom<'hard' | 'warn'>('hard', 'hard', 'warn'),
});

function startsOf(window: Window): number[] {
  if (window === 'minute') return [];
  if (window === 'total') return [0];
  const length = LENGTH[window] ?? 0;
  const starts: number[] = [];
  for (let atMs = Math.floor(FROM_MS / length) * length; atMs < TO_MS; atMs += length) starts.push(atMs);
  return starts;
}

const windowOf = (window: Window, atMs: number): number =>
  window === 'total' ? 0 : Math.floor(atMs / (LENGTH[window] ?? 1));

function amountOf({ usd, input, output }: Call, metric: Metric): number {
  const amounts = { usd, tokens: input + output, input_tokens: input, output_tokens: output, requests: 1 };
  return amounts[metric];
}

/** Plays the calls again, one after the other, against what each window has used so far. */
function replay(calls: readonly Call[], limits: readonly Omit<BacktestLimit, 'starts'>[]): Call[] {
  const used = new Map<string, number>();
  return calls.filter((each) => {
    const slots = limits.map(({ metric, window, amount }, at) => ({
      slot: `${at} ${windowOf(window, each.atMs)}`,
      wanted: amountOf(each, metric),
      amount,
    }));
    if (slots.some(({ slot, wanted, amount }) => (used.get(slot) ?? 0) + wanted > amount)) return true;
    for (const { slot, wanted } of slots) used.set(slot, (used.get(slot) ?? 0) + wanted);
    return false;
  });
}

test('every call counts, in its window, and what is refused uses nothing', () => {
  const { db, write, clear } = openTestLedger();
  fc.assert(
    fc.property(
      fc.array(call, { maxLength: 60 }),
      fc.array(limit, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(null, 1),
      (drawn, limits, appNum) => {
        clear();
        const calls = [...drawn].sort((a, b) => a.atMs - b.atMs);
        calls.forEach(({ atMs, appNum: num, isRefused, usd, input, output }, at) => {
          const who = { atMs, appNum: num };
          if (isRefused) write(refusalEntry(at + 1, who));
          else {
            const usage = { costNanoUsd: usd, inputTokens: input, outputTokens: output };
            write(holdEntry(at + 1, who), endEntry(at + 1, { ...who, ...usage }));
          }
        });
        // Under way still: it has cost nothing so far.
        write(holdEntry(100, { atMs: TO_MS - 1 }));
        const found = backtest(db, {
          appNum,
          fromMs: FROM_MS,
          toMs: TO_MS,
          limits: limits.map((each) => ({ ...each, starts: startsOf(each.window) })),
        });
        const chosen = calls.filter(
          ({ atMs, appNum: num, isRefused }) =>
            !isRefused && atMs >= FROM_MS && atMs < TO_MS && (appNum === null || num === appNum),
        );
        expect(found.exact).toBe(true);
        expect(found.calls).toBe(chosen.length);
        expect(found.refused).toBe(
          replay(
            chosen,
            limits.filter(({ enforce }) => enforce === 'hard'),
          ).length,
        );
        limits.forEach((each, at) => {
          const refused = replay(chosen, [each]);
          const reached = new Set(refused.map(({ atMs }) => windowOf(each.window, atMs)));
          const wanted = new Map<number, number>();
          for (const one of chosen) {
            const window = windowOf(each.window, one.atMs);
            wanted.set(window, (wanted.get(window) ?? 0) + amountOf(one, each.metric));
          }
          expect(found.limits[at]).toEqual({
            refused: refused.length,
            windowsReached: reached.size,
            windows: wanted.size,
            firstReachedMs: refused[0]?.atMs ?? null,
            most: Math.max(0, ...wanted.values()),
          });
        });
      },
    ),
    { numRuns: 150 },
  );
});

test('over many calls hours are looked at, and the numbers are near the truth', () => {
  const { db, write } = openTestLedger();
  const calls: Call[] = [];
  const count = 26_000;
  for (let at = 0; at < count; at += 1) {
    const atMs = FROM_MS + Math.floor(((TO_MS - FROM_MS) * at) / count);
    // Busier and dearer in every sixth hour.
    const isBusy = Math.floor(atMs / HOUR_MS) % 6 === 0;
    calls.push({
      atMs,
      appNum: 1,
      usd: isBusy ? 3_000 : 500 + ((at * 7919) % 100),
      input: 10,
      output: 20,
      isRefused: false,
    });
  }
  for (let from = 0; from < count; from += 5_000) {
    write(
      ...calls.slice(from, from + 5_000).flatMap(({ atMs, usd }, offset) => {
        const seq = from + offset + 1;
        const usage = { costNanoUsd: usd, inputTokens: 10, outputTokens: 20 };
        return [holdEntry(seq, { atMs }), endEntry(seq, { atMs, ...usage })];
      }),
    );
  }
  const limits = [
    { metric: 'usd', amount: 8_000_000, window: 'day', enforce: 'hard' },
    { metric: 'usd', amount: 800_000, window: 'hour', enforce: 'hard' },
    { metric: 'requests', amount: 7, window: 'minute', enforce: 'hard' },
  ] as const;
  for (const each of limits) {
    const found = backtest(db, {
      appNum: 1,
      fromMs: FROM_MS,
      toMs: TO_MS,
      limits: [{ ...each, starts: startsOf(each.window) }],
    });
    const truth = replay(calls, [each]).length;
    expect(found.exact).toBe(false);
    expect(found.calls).toBe(count);
    expect(truth).toBeGreaterThan(1_000);
    expect(Math.abs(found.refused - truth) / truth).toBeLessThan(0.05);
  }
});
