import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { commonText } from '../text/common.ts';
import type { Column, Sort } from './table-columns.ts';

interface HeadColumn extends Pick<Column<never>, 'id' | 'header' | 'align'> {
  readonly sortBy?: unknown;
}

export interface TableHeadProps {
  readonly columns: readonly HeadColumn[];
  /** The columns of a CSS grid. */
  readonly tracks: string;
  readonly sorting: readonly Sort[];
  onSort(sorting: Sort[]): void;
}

/** The heads of a table; those that sort it are buttons. Highest first, lowest first, as it came. */
export function TableHead({ columns, tracks, sorting, onSort }: TableHeadProps): ReactNode {
  const turn = (id: string): void => {
    const now = sorting.find((sort) => sort.id === id);
    if (!now) onSort([{ id, desc: true }]);
    else onSort(now.desc ? [{ id, desc: false }] : []);
  };
  return (
    <div role="rowgroup" className="tg-table-head">
      <div role="row" aria-rowindex={1} className="tg-table-row" style={{ gridTemplateColumns: tracks }}>
        {columns.map(({ id, header, align, sortBy }) => {
          const sort = sorting.find((each) => each.id === id);
          const Arrow = sort?.desc ? IconArrowDown : IconArrowUp;
          return (
            <div
              key={id}
              role="columnheader"
              className="tg-table-cell"
              data-align={align}
              aria-sort={sort ? (sort.desc ? 'descending' : 'ascending') : undefined}
            >
              {header === '' ? (
                <span className="tg-hidden">{commonText.actions}</span>
              ) : sortBy === undefined ? (
                header
              ) : (
                <button type="button" className="tg-table-sort" onClick={() => turn(id)}>
                  {header}
                  {sort && <Arrow size={12} aria-hidden="true" />}
                </button>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
