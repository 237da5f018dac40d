import { type KeyboardEvent, useCallback, useState } from 'react';

const PAGE_ROWS = 10;
const NOWHERE = { index: -1, key: undefined };

export interface RowCursor {
  /** The row that the keyboard is on; -1 before it was used. */
  readonly index: number;
  moveTo(index: number): void;
  moveBy(rows: number): void;
  onKeyDown(event: KeyboardEvent): void;
}

/**
 * Which row of a table the keyboard is on: one tab stop for the table, arrows inside of it. With `keyAt` it
 * stays on its row when others come in above.
 */
export function useRowCursor(
  rows: number,
  show: (index: number) => void,
  open: ((index: number) => void) | undefined,
  keyAt?: (index: number) => string | undefined,
): RowCursor {
  const [wanted, setWanted] = useState<{ readonly index: number; readonly key: string | undefined }>(NOWHERE);
  const index = Math.min(findAgain(wanted, rows, keyAt), rows - 1);
  const moveTo = useCallback(
    (to: number) => {
      if (rows === 0) return;
      const next = Math.max(0, Math.min(rows - 1, to));
      setWanted({ index: next, key: keyAt?.(next) });
      show(next);
    },
    [rows, show, keyAt],
  );
  const moveBy = useCallback((by: number) => moveTo(index + by), [index, moveTo]);

  const moves: Readonly<Record<string, () => void>> = {
    ArrowDown: () => moveBy(1),
    ArrowUp: () => moveBy(-1),
    PageDown: () => moveBy(PAGE_ROWS),
    PageUp: () => moveBy(-PAGE_ROWS),
    Home: () => moveTo(0),
    End: () => moveTo(rows - 1),
    Enter: () => {
      if (index >= 0) open?.(index);
    },
  };
  return {
    index,
    moveTo,
    moveBy,
    onKeyDown(event) {
      // What stands inside of a row, such as a button, has its own keys.
      if (event.target !== event.currentTarget) return;
      const move = moves[event.key];
      if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      move();
    },
  };
}

/** Where the row is now that was at an index before; the index itself when the row is gone. */
function findAgain(
  { index, key }: { readonly index: number; readonly key: string | undefined },
  rows: number,
  keyAt: ((index: number) => string | undefined) | undefined,
): number {
  if (index < 0 || key === undefined || keyAt === undefined || keyAt(index) === key) return index;
  for (let at = 0; at < rows; at += 1) if (keyAt(at) === key) return at;
  return index;
}
