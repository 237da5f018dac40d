import { useElementSize } from '@mantine/hooks';
import { type SortingState, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, type ReactNode, useCallback, useId, useMemo, useRef, useState } from 'react';
import { useShortcuts } from '../palette/shortcuts.ts';
import { commonText } from '../text/common.ts';
import { type Column, columnDefs, type Sort, sortingFeatures } from './table-columns.ts';
import { TableHead } from './table-head.tsx';
import { useRowCursor } from './use-row-cursor.ts';
import './data-table.css';

const ROW_HEIGHT = 40;

export interface RowKey<Row> {
  readonly keys: string;
  readonly label: string;
  run(row: Row): void;
}

export interface DataTableProps<Row extends object> {
  /** What it is a table of, for screen readers. */
  readonly label: string;
  /** The same array as long as nothing changes. */
  readonly rows: readonly Row[];
  /** The same array at every render: made outside of the component, or memoised. */
  readonly columns: readonly Column<Row>[];
  rowKey(row: Row): string;
  onOpen?(row: Row): void;
  readonly sort?: Sort | undefined;
  /** Told when the user sorts it another way; null for the order in which the rows came. */
  onSort?(sort: Sort | null): void;
  /** Keys that do something to the row that the cursor is on; of the main table alone. */
  readonly rowKeys?: readonly RowKey<Row>[];
  readonly rowHeight?: number;
  /** How tall it may get before it scrolls; any CSS length. */
  readonly maxHeight?: string;
  /** Whether j, k and Enter work wherever the focus is: for the one main table of a screen. */
  readonly isMain?: boolean;
  /** The row that is open beside the table. */
  readonly openKey?: string | undefined;
  /** Called when the last rows come into view, to read more. */
  onEnd?(): void;
  readonly footer?: ReactNode;
}

/** A table of any length: only the rows in view are in the page. Sorted by its heads, walked by keys. */
export function DataTable<Row extends object>(props: DataTableProps<Row>): ReactNode {
  const { label, rows, columns, rowKey, onOpen, rowHeight = ROW_HEIGHT, isMain = false, onEnd } = props;
  const [sorting, setSorting] = useState<SortingState>(props.sort ? [{ ...props.sort }] : []);
  const { ref: sizeRef, width } = useElementSize();
  const scrollRef = useRef<HTMLDivElement>(null);
  const id = useId();
  const shown = useMemo(
    () =>
      columns.filter(({ hiddenBelow }) => width === 0 || hiddenBelow === undefined || width >= hiddenBelow),
    [columns, width],
  );
  const defs = useMemo(() => columnDefs(columns), [columns]);
  const table = useTable({
    features: sortingFeatures,
    columns: defs,
    data: rows as Row[],
    getRowId: rowKey,
    state: { sorting },
    onSortingChange: setSorting,
  });
  const sorted = table.getRowModel().rows;
  const virtualizer = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => sorted[index]?.id ?? index,
    overscan: 8,
    onChange: (instance) => {
      const last = instance.getVirtualItems().at(-1);
      if (last && last.index >= sorted.length - 5) onEnd?.();
    },
  });
  const show = useCallback((index: number) => virtualizer.scrollToIndex(index), [virtualizer]);
  const open = (index: number): void => {
    const row = sorted[index];
    if (row) onOpen?.(row.original);
  };
  const keyAt = useCallback((index: number) => sorted[index]?.id, [sorted]);
  const cursor = useRowCursor(sorted.length, show, onOpen ? open : undefined, keyAt);
  useShortcuts(
    isMain
      ? [
          { keys: 'j', label: commonText.table.next, run: () => cursor.moveBy(1) },
          { keys: 'k', label: commonText.table.previous, run: () => cursor.moveBy(-1) },
          ...(onOpen
            ? [
                {
                  keys: 'Enter',
                  label: commonText.table.open,
                  run: () => cursor.index >= 0 && open(cursor.index),
                },
              ]
            : []),
          ...(props.rowKeys ?? []).map(({ keys, label: what, run }) => ({
            keys,
            label: what,
            run: () => {
              const row = sorted[cursor.index];
              if (row) run(row.original);
            },
          })),
        ]
      : [],
  );
  const sortBy = (next: Sort[]): void => {
    setSorting(next);
    props.onSort?.(next[0] ?? null);
  };
  const tracks = shown.map((column) => column.width).join(' ');
  const rowId = (index: number): string => `${id}-${index}`;

  return (
    <div className="tg-table tg-card" ref={sizeRef}>
      <div
        className="tg-table-scroll"
        ref={scrollRef}
        style={{ maxHeight: props.maxHeight ?? 'calc(100vh - 200px)' }}
        role="grid"
        aria-label={label}
        aria-rowcount={sorted.length + 1}
        aria-colcount={shown.length}
        aria-activedescendant={cursor.index >= 0 ? rowId(cursor.index) : undefined}
        tabIndex={0}
        onKeyDown={cursor.onKeyDown}
      >
        <TableHead columns={shown} tracks={tracks} sorting={sorting} onSort={sortBy} />
        <div role="rowgroup" className="tg-table-body" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const row = sorted[index];
            if (!row) return null;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the focus, and Enter opens its row
              <div
                key={key}
                id={rowId(index)}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={row.id === props.openKey}
                className="tg-table-row"
                data-cursor={index === cursor.index || undefined}
                data-opens={onOpen !== undefined || undefined}
                style={{
                  height: rowHeight,
                  transform: `translateY(${start}px)`,
                  gridTemplateColumns: tracks,
                }}
                onClick={(event) => isOfRow(event) && open(index)}
              >
                {shown.map((column) => (
                  <div key={column.id} role="gridcell" className="tg-table-cell" data-align={column.align}>
                    {column.cell(row.original)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
        {props.footer}
      </div>
    </div>
  );
}

/** A click on a button in a row is the button's, and so is one in a menu that has opened from there. */
function isOfRow({ target, currentTarget }: MouseEvent): boolean {
  return (
    target instanceof Element &&
    currentTarget.contains(target) &&
    target.closest('button, a, input, label, [role="button"]') === null
  );
}
