import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconArrowLeft, IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { api } from '../../api/client.ts';
import { useLiveEvents } from '../../api/live-events.ts';
import { useEngineStatus } from '../../api/queries.ts';
import { useStore } from '../../api/store.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { useShortcuts } from '../../palette/shortcuts.ts';
import type { SearchText } from '../../router/search.ts';
import { requestDetailText as text } from '../../text/request-detail.ts';
import { neighbour, shownRows } from '../requests/row-walk.ts';
import { curlOf } from './curl.ts';
import { DetailBody } from './detail-body.tsx';
import './request-detail.css';

/** One request beside the list; the list and its filter stay as they are. */
export function RequestDetailScreen(): ReactNode {
  const { requestId: id = '' } = useParams({ strict: false });
  const search: SearchText = useSearch({ strict: false });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const panel = useRef<HTMLElement>(null);
  const rows = useStore(shownRows);
  const baseUrl = useEngineStatus()?.baseUrl ?? null;
  const query = useQuery({ ...api.requests.get.queryOptions({ input: { id } }), refetchOnMount: 'always' });
  useLiveEvents('requests', (events) => {
    if (!events.some(({ requests }) => requests.some((request) => request.id === id))) return;
    void queries.invalidateQueries({ queryKey: api.requests.get.key({ input: { id } }) });
    void queries.invalidateQueries({ queryKey: api.engine.holds.key() });
  });

  const next = neighbour(rows, id, 1);
  const previous = neighbour(rows, id, -1);
  const show = (to: string | null): void => {
    if (to === null) return;
    void navigate({ to: '/requests/$requestId', params: { requestId: to }, search, replace: true });
  };
  const close = (): void => void navigate({ to: '/requests', search });
  useShortcuts([
    { keys: 'j', label: text.keys.next, run: () => show(next) },
    { keys: 'k', label: text.keys.previous, run: () => show(previous) },
    { keys: 'Escape', label: text.keys.close, run: close },
  ]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another request begins at its top
  useEffect(() => {
    // Newer browsers answer with a promise, which an effect must not.
    panel.current?.scrollTo({ top: 0 });
  }, [id]);

  return (
    <aside className="tg-detail tg-card" ref={panel} aria-label={text.title}>
      <header className="tg-detail-bar">
        <Button
          className="tg-detail-back"
          variant="subtle"
          color="gray"
          leftSection={<IconArrowLeft size={15} />}
          onClick={close}
        >
          {text.back}
        </Button>
        <span className="tg-mono tg-dim tg-detail-id">{id}</span>
        {query.data && baseUrl !== null && (
          <CopyButton text={curlOf(query.data.request, baseUrl)} label={text.curl} withLabel />
        )}
        <Tooltip label={text.previous}>
          <ActionIcon aria-label={text.previous} disabled={previous === null} onClick={() => show(previous)}>
            <IconChevronUp size={17} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={text.next}>
          <ActionIcon aria-label={text.next} disabled={next === null} onClick={() => show(next)}>
            <IconChevronDown size={17} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={text.close}>
          <ActionIcon aria-label={text.close} className="tg-detail-close" onClick={close}>
            <IconX size={17} />
          </ActionIcon>
        </Tooltip>
      </header>
      {query.isPending ? (
        <LoadingRows rows={12} />
      ) : query.isError ? (
        <ErrorState
          error={query.error}
          next={
            <Button variant="default" onClick={close}>
              {text.gone}
            </Button>
          }
        />
      ) : (
        <DetailBody detail={query.data} />
      )}
    </aside>
  );
}
