import { Button, SegmentedControl } from '@mantine/core';
import { IconCoin, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { api } from '../../api/client.ts';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { FilterInput } from '../../components/filter-input.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { Section } from '../../components/section.tsx';
import { useSearchFilter } from '../../router/search.ts';
import { pricesText } from '../../text/prices.ts';
import { COLUMNS } from './price-columns.tsx';
import { PriceDrawer } from './price-drawer.tsx';
import { parseSearch } from './settings-search.ts';

const { list: text } = pricesText;

/** What a million tokens cost, and the prices that the user has set. */
export function PricesTab(): ReactNode {
  const [{ words, isOwn, price }, change] = useSearchFilter(parseSearch);
  const query = useQuery(api.prices.list.queryOptions({ input: {} }));
  const all = useMemo(() => {
    const own = new Set(query.data?.own);
    return (query.data?.prices ?? []).map((row) => ({ row, isOwn: own.has(row.model) }));
  }, [query.data]);
  const shown = useMemo(() => {
    const wanted = words.trim().toLowerCase();
    return all.filter(
      ({ row, isOwn: own }) =>
        (!isOwn || own) && [row.model, ...(row.aliases ?? [])].some((name) => name.includes(wanted)),
    );
  }, [all, words, isOwn]);
  const ownCount = query.data?.own.length ?? 0;
  const open = all.find(({ row }) => row.model === price) ?? null;
  const setPrice = (
    <Button leftSection={<IconPlus size={14} />} onClick={() => change({ price: '' })}>
      {text.set}
    </Button>
  );
  return (
    <>
      <Section
        title={text.title}
        lead={query.data ? text.lead(query.data.asOf) : text.loading}
        actions={shown.length > 0 && setPrice}
        isFlush
      >
        <div className="tg-prices-filter">
          <FilterInput label={text.find} value={words} onChange={(next) => change({ q: next })} />
          <SegmentedControl
            aria-label={text.which}
            value={isOwn ? 'own' : 'all'}
            data={[
              { value: 'all', label: text.all },
              { value: 'own', label: text.onlyOwn(ownCount) },
            ]}
            onChange={(value) => change({ which: value === 'own' ? 'own' : undefined })}
          />
          <span className="tg-dim tg-num" aria-live="polite">
            {query.isSuccess && text.shown(shown.length, all.length)}
          </span>
        </div>
        {query.isPending ? (
          <div className="tg-settings-pad">
            <LoadingRows rows={10} height={40} />
          </div>
        ) : query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : shown.length === 0 ? (
          <EmptyState
            icon={<IconCoin size={22} stroke={1.6} />}
            title={isOwn && words === '' ? text.none.own : text.none.title}
            what={text.none.what}
            next={setPrice}
          />
        ) : (
          <DataTable
            label={text.title}
            rows={shown}
            columns={COLUMNS}
            rowKey={({ row }) => row.model}
            isMain
            maxHeight="calc(100vh - 350px)"
            openKey={open?.row.model}
            onOpen={({ row }) => change({ price: row.model })}
          />
        )}
      </Section>
      {price !== null && query.isSuccess && (
        <PriceDrawer
          key={price}
          price={open}
          model={open === null ? price : open.row.model}
          onClose={() => change({ price: undefined })}
        />
      )}
    </>
  );
}
