import { Button, Tooltip } from '@mantine/core';
import { IconArrowUp, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, type UIEvent, useEffect, useRef, useState } from 'react';
import { PageHeader } from '../../components/page-header.tsx';
import { useShortcuts } from '../../palette/shortcuts.ts';
import { type SearchText, useSearchFilter } from '../../router/search.ts';
import { requestsText as text } from '../../text/requests.ts';
import { ColumnPicker } from './column-picker.tsx';
import { ExportMenu } from './export-menu.tsx';
import { FilterBar, NO_FILTER } from './filter-bar.tsx';
import { LogTable } from './log-table.tsx';
import { parseColumns } from './request-columns.tsx';
import { parseLogFilter } from './request-filter.ts';
import { shownRows } from './row-walk.ts';
import { SavedViews } from './saved-views.tsx';
import { useExport } from './use-export.ts';
import { useRequestRows } from './use-request-rows.ts';
import { useStored } from './use-stored.ts';
import './requests.css';

/** Scrolled further down than this, new rows would move what is being read. */
const AWAY_PX = 40;

export function RequestsScreen(): ReactNode {
  const [filter, change] = useSearchFilter(parseLogFilter);
  const search: SearchText = useSearch({ strict: false });
  const { requestId } = useParams({ strict: false });
  const navigate = useNavigate();
  const area = useRef<HTMLDivElement>(null);
  const [isPaused, setPaused] = useState(false);
  const [isAway, setAway] = useState(false);
  const [columns, setColumns] = useStored('tollgate.requests.columns', parseColumns);
  const log = useRequestRows(filter, isPaused || isAway);
  const exporting = useExport(filter);
  useEffect(() => shownRows.set(log.rows.map(({ id }) => id)), [log.rows]);

  const showNew = (): void => {
    setPaused(false);
    setAway(false);
    area.current?.querySelector('[role="grid"]')?.scrollTo({ top: 0 });
  };
  const turn = (): void => (isPaused ? showNew() : setPaused(true));
  useShortcuts([{ keys: 'p', label: text.live.shortcut, run: turn }]);
  const onScroll = ({ target }: UIEvent): void => {
    if (target instanceof Element && target.getAttribute('role') === 'grid') {
      setAway(target.scrollTop > AWAY_PX);
    }
  };

  return (
    <div className="tg-requests" data-open={requestId !== undefined || undefined}>
      <PageHeader
        title={text.title}
        lead={text.lead}
        actions={
          <>
            <ExportMenu exporting={exporting} />
            <Tooltip label={text.live.pauseWhy} disabled={isPaused}>
              <Button
                variant={isPaused ? 'light' : 'default'}
                leftSection={isPaused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
                aria-pressed={isPaused}
                onClick={turn}
              >
                {isPaused ? text.live.resume : text.live.pause}
              </Button>
            </Tooltip>
          </>
        }
      />
      <FilterBar filter={filter} text={search['text'] ?? ''} onChange={change}>
        <SavedViews search={search} onChange={change} />
        <ColumnPicker picked={columns} onPick={setColumns} />
      </FilterBar>
      <div className="tg-requests-body">
        <div className="tg-requests-list" ref={area} onScrollCapture={onScroll}>
          {log.waiting > 0 && (
            <button
              type="button"
              className="tg-new-pill tg-num"
              aria-label={text.live.newLabel(log.waiting)}
              onClick={showNew}
            >
              <IconArrowUp size={13} stroke={2} aria-hidden="true" />
              {text.live.new(log.waiting)}
            </button>
          )}
          <LogTable
            log={log}
            columns={columns}
            isFiltered={!filter.isEmpty}
            openId={requestId}
            onOpen={({ id }) =>
              void navigate({ to: '/requests/$requestId', params: { requestId: id }, search })
            }
            onClear={() => change(NO_FILTER)}
          />
        </div>
        <Outlet />
      </div>
    </div>
  );
}
