import { type KeyboardEvent, useCallback, useState } from 'react';

const PAGE_ROWS = 10;

export interface RowCursor {
  /** The row that the keyboard is on; -1 before it was used. */
  readonly index: number;
  moveTo(index: number): void;
  moveBy(rows: number): void;
  onKeyDown(event: KeyboardEvent): void;
}

/** Which row of a table the keyboard is on: one tab stop for the table, arrows inside of it. */
export function useRowCursor(
  rows: number,
  show: (index: number) => void,
  open: ((index: number) => void) | undefined,
): RowCursor {
  const [wanted, setIndex] = useState(-1);
  const index = Math.min(wanted, rows - 1);
  const moveTo = useCallback(
    (to: number) => {
      if (rows === 0) return;
      const next = Math.max(0, Math.min(rows - 1, to));
      setIndex(next);
      show(next);
    },
    [rows, show],
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
