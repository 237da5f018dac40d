import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RequestIds } from '../../../proxy/gateway/request-ids.ts';

const seq = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

test('numbers go on from the last of the ledger, one by one', () => {
  const ids = new RequestIds('ab3', 41);
  expect([ids.next(), ids.next(), ids.next()]).toEqual([42, 43, 44]);
});

test('an id is fit for a header and a log line, and reads back as its number', () => {
  const ids = new RequestIds('ab3', 0);
  expect(ids.format(1)).toBe('tgr_ab30000001');
  fc.assert(
    fc.property(seq, (number) => {
      expect(ids.format(number)).toMatch(/^tgr_[0-9a-z]{10,14}$/);
      expect(ids.parse(ids.format(number))).toBe(number);
    }),
  );
});

test('ids sort as their numbers do, up to seventy thousand million', () => {
  const ids = new RequestIds('ab3', 0);
  const short = fc.integer({ min: 1, max: 36 ** 7 - 1 });
  fc.assert(
    fc.property(short, short, (one, other) => {
      expect(ids.format(one) < ids.format(other)).toBe(one < other);
    }),
  );
});

test('ids of another ledger are not of this one', () => {
  const [ours, theirs] = [new RequestIds('ab3', 0), new RequestIds('zz9', 0)];
  fc.assert(
    fc.property(seq, (number) => {
      expect(ours.parse(theirs.format(number))).toBeNull();
    }),
  );
});

test.each([
  '',
  'tgr_',
  'tgr_ab3',
  'tgr_ab3000001',
  'tgr_ab30000000',
  'tgr_ab3000000A',
  'TGR_ab30000001',
  'tgr_ab30000001 ',
  ' tgr_ab30000001',
  'tgr_ab30000001\n',
  'tgr_ab3-000001',
  'tgr_ab3zzzzzzzzzzz',
  'tgr_ab3000000000001',
  "tgr_ab30000001' OR 1=1 --",
])('%j is no id', (text) => {
  expect(new RequestIds('ab3', 0).parse(text)).toBeNull();
});
