import fc from 'fast-check';
import { expect, test } from 'vitest';
import { USAGE_KEYS, type UsageKey } from '../../../proxy/contract/usage-words.ts';
import { openReportQueries } from '../../../proxy/ledger/report-queries.ts';
import { EVERY_REQUEST, type RequestQuery } from '../../../proxy/ledger/request-queries.ts';
import type { UsageSum } from '../../../proxy/ledger/usage-queries.ts';
import { endEntry, holdEntry, NOON_MS, refusalEntry } from '../../helpers/ledger-files.ts';
import { openTestLedger } from './ledger-fixture.ts';

const QUARTER_MS = 900_000;

const request = fc.record({
  quarter: fc.nat(7),
  appNum: fc.integer({ min: 1, max: 3 }),
  model: fc.constantFrom('gpt-5.4-mini', 'gpt-5.4', "o'1 --", ''),
  route: fc.constantFrom('/v1/chat/completions', '/v1/responses'),
  user: fc.constantFrom(null, 'mia', 'mia ', "'; DROP TABLE requests; --"),
  outcome: fc.constantFrom('settled', 'estimated', 'charged-at-bound', 'voided', 'open', 'refused'),
  cost: fc.option(fc.nat(1_000_000), { freq: 6 }),
  tokens: fc.nat(1_000),
});
type Request = typeof request extends fc.Arbitrary<infer Value> ? Value & { readonly seq: number } : never;

function keyOf(by: UsageKey, { appNum, model, quarter, user, route }: Request): string | number {
  switch (by) {
    case 'app':
      return appNum;
    case 'model':
      return model;
    case 'day':
      return NOON_MS / QUARTER_MS + quarter;
    case 'user':
      return user ?? '';
    case 'endpoint':
      return route;
  }
}

function naive(by: UsageKey, requests: readonly Request[]): Map<string | number, Omit<UsageSum, 'key'>> {
  const sums = new Map<string | number, Omit<UsageSum, 'key'>>();
  for (const request of requests) {
    const { outcome, cost, tokens } = request;
    const ended = outcome !== 'open' && outcome !== 'refused';
    const paid = ended && outcome !== 'voided';
    const isEstimate = outcome === 'estimated' || outcome === 'charged-at-bound';
    const before = sums.get(keyOf(by, request));
    const add = (name: keyof Omit<UsageSum, 'key'>, amount: number): number => (before?.[name] ?? 0) + amount;
    sums.set(keyOf(by, request), {
      requests: add('requests', ended ? 1 : 0),
      refused: add('refused', outcome === 'refused' ? 2 : 0),
      inputTokens: add('inputTokens', paid ? tokens : 0),
      cachedInputTokens: add('cachedInputTokens', paid ? Math.floor(tokens / 2) : 0),
      outputTokens: add('outputTokens', paid ? tokens + 1 : 0),
      costNanoUsd: add('costNanoUsd', paid ? (cost ?? 0) : 0),
      estimatedNanoUsd: add('estimatedNanoUsd', isEstimate ? (cost ?? 0) : 0),
      unpricedRequests: add('unpricedRequests', paid && cost === null ? 1 : 0),
      heldNanoUsd: add('heldNanoUsd', outcome === 'open' ? (cost ?? 0) : 0),
    });
  }
  return sums;
}

function book(requests: readonly Request[], { db, write, clear } = openTestLedger()) {
  clear();
  for (const { seq, quarter, outcome, cost, tokens, ...who } of requests) {
    const atMs = NOON_MS + quarter * QUARTER_MS + 1;
    if (outcome === 'refused') {
      write(refusalEntry(seq, { ...who, atMs, count: 2 }));
      continue;
    }
    write(holdEntry(seq, { ...who, atMs, holdNanoUsd: cost }));
    if (outcome === 'open') continue;
    const nothing = { costNanoUsd: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
    const used = { costNanoUsd: cost, inputTokens: tokens, cachedInputTokens: Math.floor(tokens / 2) };
    const usage = outcome === 'voided' ? nothing : { ...used, outputTokens: tokens + 1 };
    write(endEntry(seq, { ...who, atMs, outcome, ...usage }));
  }
  return openReportQueries(db);
}

test('usage by app, model, day, user and endpoint is what the rows say, of one app or of all', () => {
  const ledger = openTestLedger();
  fc.assert(
    fc.property(fc.array(request, { maxLength: 40 }), fc.nat(7), fc.nat(7), (drawn, one, other) => {
      const requests = drawn.map((each, index) => ({ ...each, seq: index + 1 }));
      const queries = book(requests, ledger);
      const [first, last] = [Math.min(one, other), Math.max(one, other)];
      for (const by of USAGE_KEYS) {
        for (const appNum of [null, 2]) {
          const range = {
            fromMs: NOON_MS + first * QUARTER_MS,
            toMs: NOON_MS + (last + 1) * QUARTER_MS,
          };
          // Every quarter of an hour is a day here.
          const days = Array.from({ length: last - first + 2 }, (_, at) => NOON_MS / QUARTER_MS + first + at);
          const rows = queries.usage({ ...range, by, appNum, days });
          const chosen = requests.filter(
            (each) =>
              each.quarter >= first && each.quarter <= last && (appNum === null || each.appNum === appNum),
          );
          expect(new Map(rows.map(({ key, ...sums }) => [key, sums]))).toEqual(naive(by, chosen));
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('requests are listed newest first, by app, outcome and model, page by page', () => {
  const base = { quarter: 0, route: '/v1/responses', user: null, cost: 5, tokens: 1 } as const;
  const requests: Request[] = Array.from({ length: 30 }, (_, index) => ({
    ...base,
    seq: index + 1,
    appNum: 1 + (index % 3),
    model: index % 2 === 0 ? 'gpt-5.4' : 'gpt-5.4-mini',
    outcome: index % 5 === 0 ? 'refused' : 'settled',
  }));
  const queries = book(requests);
  const seqs = (query: Partial<RequestQuery>): number[] =>
    queries.requests({ ...EVERY_REQUEST, limit: 1_000, ...query }).rows.map(({ seq }) => seq);
  const expected = (keep: (request: Request) => boolean): number[] =>
    requests
      .filter(keep)
      .map(({ seq }) => seq)
      .reverse();
  expect(seqs({})).toEqual(expected(() => true));
  expect(seqs({ appNum: 2 })).toEqual(expected(({ appNum }) => appNum === 2));
  expect(seqs({ outcomes: ['refused'] })).toEqual(expected(({ outcome }) => outcome === 'refused'));
  expect(seqs({ model: 'gpt-5.4', appNum: 3 })).toEqual(
    expected(({ model, appNum }) => model === 'gpt-5.4' && appNum === 3),
  );
  expect([...seqs({ limit: 10 }), ...seqs({ limit: 30, beforeSeq: 21 })]).toEqual(expected(() => true));
});

test.each(["' OR 1=1 --", '%', '_', 'gpt-5.4"', '{"$ne":null}', '\u0000', 'gpt-5.4; DROP TABLE requests'])(
  'A31 the filter %j is a name that nothing has, not a query',
  (odd) => {
    const queries = book([
      {
        seq: 1,
        quarter: 0,
        appNum: 1,
        model: 'gpt-5.4',
        route: '/v1/responses',
        user: null,
        outcome: 'settled',
        cost: 5,
        tokens: 1,
      },
    ]);
    for (const name of ['model', 'endpoint', 'user', 'reason'] as const) {
      expect(queries.requests({ ...EVERY_REQUEST, [name]: odd }).rows).toEqual([]);
    }
    expect(queries.requests(EVERY_REQUEST).rows).toHaveLength(1);
  },
);
