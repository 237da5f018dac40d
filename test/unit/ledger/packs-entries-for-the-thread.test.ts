import fc from 'fast-check';
import { expect, test } from 'vitest';
import { END_OUTCOMES } from '../../../proxy/ledger/entries.ts';
import { packEntries, unpackEntries } from '../../../proxy/ledger/entry-codec.ts';
import { endEntry, holdEntry, refusalEntry } from '../../helpers/ledger-files.ts';

const text = fc.string({ unit: 'binary', maxLength: 20 });
const textOrNull = fc.option(text);
const amount = fc.maxSafeNat();
const amountOrNull = fc.option(amount);

const hold = fc
  .record({
    seq: amount,
    atMs: amount,
    appNum: amount,
    tokenId: amount,
    route: text,
    model: text,
    streamed: fc.boolean(),
    user: textOrNull,
    address: textOrNull,
    holdNanoUsd: amountOrNull,
    holdInputTokens: amount,
    holdOutputTokens: amount,
  })
  .map((more) => holdEntry(1, more));
const end = fc
  .record({
    seq: amount,
    atMs: amount,
    appNum: amount,
    route: text,
    model: text,
    user: textOrNull,
    outcome: fc.constantFrom(...END_OUTCOMES),
    status: fc.nat(599),
    costNanoUsd: amountOrNull,
    inputTokens: amount,
    cachedInputTokens: amount,
    outputTokens: amount,
    reasoningTokens: amount,
    servedModel: textOrNull,
    serviceTier: textOrNull,
    durationMs: amount,
    firstByteMs: amountOrNull,
    upstreamId: textOrNull,
    reason: textOrNull,
    overageNanoUsd: amount,
  })
  .map((more) => endEntry(1, more));
const refusal = fc
  .record({ seq: amount, user: textOrNull, model: text, status: fc.nat(599), reason: text, count: amount })
  .map((more) => refusalEntry(1, more));
const finding = fc.record({
  kind: fc.constant('finding' as const),
  atMs: amount,
  finding: text,
  appNum: amountOrNull,
  detail: text,
});

test('every batch comes out of the thread as it went in', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(hold, end, refusal, finding), { maxLength: 12 }), (entries) => {
      expect(unpackEntries(structuredClone(packEntries(entries)))).toEqual(entries);
    }),
  );
});

test('an entry of no known kind is an error, not a wrong booking', () => {
  expect(() => unpackEntries([9, 1, 2])).toThrow('of no known kind');
});
