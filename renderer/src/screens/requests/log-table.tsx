import { Box, Button } from '@mantine/core';
import { IconFilterOff, IconListDetails } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { RequestView } from '../../../../proxy/contract/requests.ts';
import { useZone } from '../../api/queries.ts';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { count } from '../../format/count.ts';
import { shortTime } from '../../format/time.ts';
import { requestsText as text } from '../../text/requests.ts';
import { shownColumns } from './request-columns.tsx';
import type { RequestRows } from './use-request-rows.ts';

const ROW_HEIGHT = 36;

export interface LogTableProps {
  readonly log: RequestRows;
  readonly columns: readonly string[];
  readonly isFiltered: boolean;
  readonly openId: string | undefined;
  onOpen(request: RequestView): void;
  onClear(): void;
}

/** The rows, or why there are none. */
export function LogTable(props: LogTableProps): ReactNode {
  const { log, columns: picked, isFiltered, openId, onOpen, onClear } = props;
  const { zone } = useZone();
  const { columns, minWidth } = useMemo(() => shownColumns(picked), [picked]);
  const searchedTo = log.hasMore && log.searchedTo !== null ? shortTime(log.searchedTo, zone) : null;
  if (log.isPending) return <LoadingRows rows={12} height={ROW_HEIGHT} />;
  if (log.error) return <ErrorState error={log.error} onRetry={log.retry} />;
  if (log.rows.length === 0 && log.waiting === 0) {
    if (log.isReading) return <LoadingRows rows={12} height={ROW_HEIGHT} />;
    return isFiltered ? (
      <EmptyState
        icon={<IconFilterOff size={20} stroke={1.6} />}
        title={text.emptyFiltered.title}
        what={text.emptyFiltered.what(searchedTo)}
        next={
          log.hasMore ? (
            <Button variant="default" onClick={log.readMore}>
              {text.emptyFiltered.further}
            </Button>
          ) : (
            <Button variant="default" onClick={onClear}>
              {text.emptyFiltered.clear}
            </Button>
          )
        }
      />
    ) : (
      <EmptyState
        icon={<IconListDetails size={20} stroke={1.6} />}
        title={text.empty.title}
        what={text.empty.what}
        next={
          <Button component={Link} to="/connect">
            {text.empty.next}
          </Button>
        }
      />
    );
  }
  return (
    <Box __vars={{ '--tg-log-min': minWidth }}>
      <DataTable
        label={text.list}
        rows={log.rows}
        columns={columns}
        rowKey={({ id }) => id}
        rowHeight={ROW_HEIGHT}
        maxHeight="var(--tg-log-height)"
        isMain
        openKey={openId}
        onOpen={onOpen}
        onEnd={() => {
          if (log.hasMore && !log.isReading) log.readMore();
        }}
        footer={
          <div className="tg-log-foot">
            {log.isReading ? (
              text.footer.reading
            ) : searchedTo === null ? (
              text.footer.end(log.rows.length, count(log.rows.length))
            ) : (
              <>
                {text.footer.searched(searchedTo)}
                <Button variant="subtle" size="compact-xs" onClick={log.readMore}>
                  {text.footer.further}
                </Button>
              </>
            )}
          </div>
        }
      />
    </Box>
  );
}
