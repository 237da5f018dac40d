/** A line that stays, goes or comes; or lines that stay and are left out. */
export type DiffLine =
  | { readonly kind: 'same' | 'removed' | 'added'; readonly text: string }
  | { readonly kind: 'skipped'; readonly count: number };

/** Lines that stay and are shown around a change. */
const CONTEXT = 3;
/** Beyond this many comparisons two texts count as wholly different. */
const MAX_CELLS = 1_000_000;

/** What turns one text into the other, line by line. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [old, next] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < Math.min(old.length, next.length) && old[start] === next[start]) start += 1;
  let [oldEnd, nextEnd] = [old.length, next.length];
  while (oldEnd > start && nextEnd > start && old[oldEnd - 1] === next[nextEnd - 1]) {
    oldEnd -= 1;
    nextEnd -= 1;
  }
  const same = (text: string): DiffLine => ({ kind: 'same', text });
  return withContext([
    ...old.slice(0, start).map(same),
    ...diffMiddle(old.slice(start, oldEnd), next.slice(start, nextEnd)),
    ...old.slice(oldEnd).map(same),
  ]);
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** By the longest list of lines that both have. */
function diffMiddle(old: readonly string[], next: readonly string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({ kind: 'removed', text });
  const added = (text: string): DiffLine => ({ kind: 'added', text });
  if (old.length * next.length > MAX_CELLS) return [...old.map(removed), ...next.map(added)];
  const width = next.length + 1;
  /** How many lines the ends of both have in common, from each place on. */
  const common = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number): number => common[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = next.length - 1; column >= 0; column -= 1) {
      common[row * width + column] =
        old[row] === next[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < old.length || column < next.length) {
    const [from = '', to = ''] = [old[row], next[column]];
    if (row < old.length && column < next.length && from === to) {
      lines.push({ kind: 'same', text: from });
      row += 1;
      column += 1;
    } else if (row < old.length && (column === next.length || at(row + 1, column) >= at(row, column + 1))) {
      lines.push(removed(from));
      row += 1;
    } else {
      lines.push(added(to));
      column += 1;
    }
  }
  return lines;
}

function withContext(lines: readonly DiffLine[]): DiffLine[] {
  const isNear = (index: number): boolean =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== 'same');
  const shown: DiffLine[] = [];
  lines.forEach((line, index) => {
    if (isNear(index)) shown.push(line);
    else {
      const last = shown.at(-1);
      if (last?.kind === 'skipped') shown[shown.length - 1] = { kind: 'skipped', count: last.count + 1 };
      else shown.push({ kind: 'skipped', count: 1 });
    }
  });
  return shown;
}
