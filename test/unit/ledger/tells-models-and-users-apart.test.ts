import { expect, test } from 'vitest';
import { recount, refusalEntry, rollup } from '../../helpers/ledger-files.ts';
import { openTestLedger, settled } from './ledger-fixture.ts';

test('names with spaces in one batch are not counted for each other', () => {
  const { db, write } = openTestLedger();
  write(
    ...settled(1, 1, { model: 'gpt fast', user: 'mia' }),
    ...settled(2, 2, { model: 'gpt', user: 'fast mia' }),
    ...settled(3, 3, { model: 'gptfast', user: 'mia' }),
    ...settled(4, 4, { model: 'gpt', user: 'fastmia' }),
    ...settled(5, 5, { model: '', user: ' ' }),
    ...settled(6, 6, { model: ' ', user: null }),
    refusalEntry(7, { model: 'gpt\u0000', user: 'mia' }),
    refusalEntry(8, { model: 'gpt', user: '\u0000mia' }),
  );
  expect(rollup(db)).toEqual(recount(db));
  expect(Object.keys(rollup(db))).toHaveLength(8);
});
