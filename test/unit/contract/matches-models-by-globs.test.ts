import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesAnyGlob } from '../../../proxy/gateway/model-glob.ts';

test.each([
  ['gpt-4o', ['gpt-4o'], true],
  ['gpt-4o-mini', ['gpt-4o'], false],
  ['gpt-4o', ['gpt-4o-mini'], false],
  ['gpt-4o-mini', ['gpt-4o*'], true],
  ['gpt-4o', ['gpt-4o*'], true],
  ['gpt-4o', ['*'], true],
  ['', ['*'], true],
  ['gpt-4o', ['*4o'], true],
  ['gpt-4o-mini', ['*4o'], false],
  ['gpt-4o-mini', ['gpt-*-mini'], true],
  ['gpt--mini', ['gpt-*-mini'], true],
  ['gpt-mini', ['gpt-*-mini'], false],
  ['aba', ['ab*ba'], false],
  ['abba', ['ab*ba'], true],
  ['gpt-4o', ['gpt-4*o*', 'o1'], true],
  ['o1', ['gpt-4*', 'o1'], true],
  ['o1', [], false],
  ['gpt-4o', [''], false],
  ['', [''], true],
  ['GPT-4o', ['gpt-*'], false],
  ['gpt-4o', ['gpt-?o'], false],
  ['gpt-4o', ['gpt-.o'], false],
  ['gpt-4o', ['gpt-[0-9]o'], false],
  ['gpt.4', ['gpt.4'], true],
  ['ft:gpt-4o:acme::id', ['ft:gpt-4o:acme:*'], true],
  ['gpt-4o\n', ['gpt-4o'], false],
  ['gpt\n4o', ['gpt*4o'], true],
])('%j against %j is %j', (model, globs, matches) => {
  expect(matchesAnyGlob(model, globs)).toBe(matches);
});

test('it agrees with the regular expression of the same glob', () => {
  const text = fc.stringMatching(/^[ab.]{0,8}$/);
  fc.assert(
    fc.property(text, fc.stringMatching(/^[ab.*]{0,8}$/), (model, glob) => {
      const pattern = glob.replaceAll('.', '\\.').replaceAll('*', '[^]*');
      expect(matchesAnyGlob(model, [glob])).toBe(new RegExp(`^${pattern}$`).test(model));
    }),
    { numRuns: 5_000 },
  );
});

test('a glob of many stars takes no exponential time', () => {
  const model = 'a'.repeat(20_000);
  expect(matchesAnyGlob(model, [`${'*a'.repeat(5_000)}*b`])).toBe(false);
  expect(matchesAnyGlob(model, [`${'a*'.repeat(5_000)}a`])).toBe(true);
});
