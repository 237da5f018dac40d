import { expect, test } from 'vitest';
import { type DiffLine, diffLines } from '../../renderer/src/screens/connect/line-diff.ts';

const SIGNS = { same: ' ', removed: '-', added: '+' } as const;
const words = (line: DiffLine): string =>
  line.kind === 'skipped' ? `@${line.count}` : `${SIGNS[line.kind]}${line.text}`;
const diff = (before: string, after: string): string[] => diffLines(before, after).map(words);

test('shows every line of a new file as added, and nothing of one that stays', () => {
  expect(diff('', 'a\nb\n')).toEqual(['+a', '+b']);
  expect(diff('a\nb\n', 'a\nb\n')).toEqual(['@2']);
  expect(diff('', '')).toEqual([]);
});

test('shows a change with three lines around it, and counts the others', () => {
  const lines = Array.from({ length: 20 }, (_, at) => `line ${at}`);
  const before = lines.join('\n');
  const after = lines.map((line, at) => (at === 10 ? 'other' : line)).join('\n');
  expect(diff(before, after)).toEqual([
    '@7',
    ' line 7',
    ' line 8',
    ' line 9',
    '-line 10',
    '+other',
    ' line 11',
    ' line 12',
    ' line 13',
    '@6',
  ]);
});

test('keeps what both have in common between two changes', () => {
  expect(diff('a\nkeep\nb', 'c\nkeep\nd\ne')).toEqual(['-a', '+c', ' keep', '-b', '+d', '+e']);
});

test('gives up on what is too large to compare, and still shows all of it', () => {
  const before = Array.from({ length: 1_200 }, (_, at) => `old ${at}`).join('\n');
  const after = Array.from({ length: 1_200 }, (_, at) => `new ${at}`).join('\n');
  expect(diffLines(before, after)).toHaveLength(2_400);
});
