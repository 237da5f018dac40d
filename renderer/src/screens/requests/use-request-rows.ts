import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { RequestView } from '../../../../proxy/contract/requests.ts';
import { api } from '../../api/client.ts';
import { useLiveEvents } from '../../api/live-events.ts';
import { mergeRows } from './merge-rows.ts';
import { isWanted, type LogFilter } from './request-filter.ts';

const PAGE_ROWS = 200;
/** With a text the page itself searches, so it reads more at a time. */
const SEARCH_ROWS = 1_000;
/** Rows that a screen can show at once: a search that finds fewer goes on by itself for a while. */
const ENOUGH_ROWS = 40;
const PAGES_AT_ONCE = 5;
const MAX_LIVE = 2_000;
/** After a burst that left requests out, the list is read again at most this often. */
const BEHIND_MS = 3_000;

export interface RequestRows {
  readonly rows: readonly RequestView[];
  /** New ones that are held back. */
  readonly waiting: number;
  readonly isPending: boolean;
  readonly isReading: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  /** How far back was looked; null when that is the beginning. */
  readonly searchedTo: string | null;
  readMore(): void;
  retry(): void;
}

/**
 * The log as it is filtered: read page by page, and kept live by events. While `isHolding`, rows that are
 * shown still end, and new ones wait.
 */
export function useRequestRows(filter: LogFilter, isHolding: boolean): RequestRows {
  const queries = useQueryClient();
  const [live, setLive] = useState<ReadonlyMap<string, RequestView>>(new Map());
  const [holdAbove, setHoldAbove] = useState<string | null>(null);
  const query = useInfiniteQuery({
    ...api.requests.list.infiniteOptions({
      input: (before: string | undefined) => ({
        ...filter.engine,
        limit: filter.text === '' ? PAGE_ROWS : SEARCH_ROWS,
        ...(before === undefined ? {} : { before }),
      }),
      initialPageParam: undefined,
      getNextPageParam: ({ next }) => next ?? undefined,
    }),
    // Events are followed only while the list is on the screen.
    refetchOnMount: 'always',
    gcTime: 30_000,
  });
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;

  const behind = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => clearTimeout(behind.current ?? undefined), []);
  const readAgain = useCallback(() => {
    behind.current ??= setTimeout(() => {
      behind.current = null;
      // Whether these still run is for the list to say: their end may be among what was left out.
      setLive((before) => new Map([...before].filter(([, { outcome }]) => outcome !== 'open')));
      void queries.invalidateQueries({ queryKey: api.requests.list.key() });
    }, BEHIND_MS);
  }, [queries]);
  // The list itself is read again then, as everything is.
  useLiveEvents('resync', () => setLive(new Map()));
  useLiveEvents('requests', (events) => {
    setLive((before) => {
      const after = new Map(before);
      for (const row of events.flatMap(({ requests }) => requests)) after.set(row.id, row);
      if (after.size <= MAX_LIVE) return after;
      readAgain();
      return new Map([...after].slice(-MAX_LIVE / 2));
    });
    if (events.some(({ skipped }) => skipped > 0)) readAgain();
  });

  const pages = data?.pages;
  const read = useMemo(() => (pages ?? []).flatMap(({ requests }) => requests), [pages]);
  const merged = useMemo(
    () =>
      mergeRows(read, live, {
        hasMore: hasNextPage,
        holdAbove,
        isWanted: (row) => isWanted(row, filter),
      }),
    [read, live, hasNextPage, holdAbove, filter],
  );
  const top = merged.rows[0]?.id ?? '';
  const latestTop = useRef(top);
  useEffect(() => {
    latestTop.current = top;
  });
  useEffect(() => setHoldAbove(isHolding ? latestTop.current : null), [isHolding]);

  const readPages = pages?.length ?? 0;
  const [wantedPages, setWantedPages] = useState(PAGES_AT_ONCE);
  const isSparse = merged.rows.length + merged.waiting < ENOUGH_ROWS;
  useEffect(() => {
    if (!isSparse || !hasNextPage || isFetchingNextPage || readPages === 0) return;
    if (readPages < wantedPages) void fetchNextPage();
  }, [isSparse, hasNextPage, isFetchingNextPage, readPages, wantedPages, fetchNextPage]);

  return {
    rows: merged.rows,
    waiting: merged.waiting,
    isPending: query.isPending,
    isReading: isFetchingNextPage,
    error: read.length === 0 ? query.error : null,
    hasMore: hasNextPage,
    searchedTo: pages?.at(-1)?.searchedTo ?? null,
    readMore: () => {
      setWantedPages(readPages + PAGES_AT_ONCE);
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
    retry: () => void refetch(),
  };
}
