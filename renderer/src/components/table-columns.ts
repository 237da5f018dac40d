import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/react-table';
import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  /** A track of a CSS grid: `minmax(120px, 2fr)`, `90px`. */
  readonly width: string;
  /** Numbers stand right, so that their digits stand under one another. */
  readonly align?: 'left' | 'right';
  /** Left out when the table is narrower than this many pixels. */
  readonly hiddenBelow?: number;
  cell(row: Row): ReactNode;
  /** What it is sorted by; without it the column cannot be. Unknown (null) comes last either way. */
  sortBy?(row: Row): number | string | null;
}

export interface Sort {
  readonly id: string;
  readonly desc: boolean;
}

export const sortingFeatures = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});

export type SortingFeatures = typeof sortingFeatures;

/** The columns as TanStack Table wants them; how a cell looks stays ours. */
export function columnDefs<Row extends object>(
  columns: readonly Column<Row>[],
): ColumnDef<SortingFeatures, Row>[] {
  return columns.map((column) => ({
    id: column.id,
    header: column.header,
    accessorFn: (row: Row) => column.sortBy?.(row) ?? undefined,
    enableSorting: column.sortBy !== undefined,
    sortUndefined: 'last' as const,
    sortFn: (a, b, id) => compare(a.getValue(id), b.getValue(id)),
  }));
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b));
}
