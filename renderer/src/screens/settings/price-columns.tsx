import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import type { PriceRow } from '../../../../proxy/contract/prices.ts';
import { Money } from '../../components/money.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import type { Column } from '../../components/table-columns.ts';
import { shortCount } from '../../format/count.ts';
import { pricePerMillion } from '../../format/money.ts';
import { pricesText } from '../../text/prices.ts';

const { list: text } = pricesText;

/** A price, and whether it is the user's own. */
export interface ShownPrice {
  readonly row: PriceRow;
  readonly isOwn: boolean;
}

function rate(value: number | undefined): ReactNode {
  if (value === undefined) return <Money nanoUsd={null} reason={text.noRate} dimmed />;
  return <span className="tg-num">{pricePerMillion(value)}</span>;
}

export const COLUMNS: readonly Column<ShownPrice>[] = [
  {
    id: 'model',
    header: text.columns.model,
    width: 'minmax(170px, 2fr)',
    cell: ({ row, isOwn }) => (
      <>
        <span className="tg-mono">{row.model}</span>{' '}
        {isOwn && <StatusBadge tone="accent">{text.own}</StatusBadge>}
      </>
    ),
    sortBy: ({ row }) => row.model,
  },
  {
    id: 'input',
    header: text.columns.input,
    width: '92px',
    align: 'right',
    cell: ({ row }) => rate(row.rates.input),
    sortBy: ({ row }) => row.rates.input ?? null,
  },
  {
    id: 'cached',
    header: text.columns.cached,
    width: '92px',
    align: 'right',
    hiddenBelow: 560,
    cell: ({ row }) => rate(row.rates.cachedInput),
    sortBy: ({ row }) => row.rates.cachedInput ?? null,
  },
  {
    id: 'output',
    header: text.columns.output,
    width: '92px',
    align: 'right',
    cell: ({ row }) => rate(row.rates.output),
    sortBy: ({ row }) => row.rates.output ?? null,
  },
  {
    id: 'context',
    header: text.columns.context,
    width: '90px',
    align: 'right',
    hiddenBelow: 640,
    cell: ({ row }) => <span className="tg-dim">{shortCount(row.contextTokens)}</span>,
    sortBy: ({ row }) => row.contextTokens,
  },
  {
    id: 'asOf',
    header: text.columns.asOf,
    width: '104px',
    align: 'right',
    hiddenBelow: 760,
    cell: ({ row }) => (
      <Tooltip label={row.source} multiline maw={360}>
        <span className="tg-dim tg-num">{row.asOf}</span>
      </Tooltip>
    ),
    sortBy: ({ row }) => row.asOf,
  },
];
