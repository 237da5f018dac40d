import { Button } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import type { Tool } from '../../../../proxy/contract/snippets.ts';
import { api } from '../../api/client.ts';
import { useStore } from '../../api/store.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useShortcuts } from '../../palette/shortcuts.ts';
import { useSearchFilter } from '../../router/search.ts';
import { connectText as text } from '../../text/connect.ts';
import { filterTools, parseFilter } from './connect-filter.ts';
import { ConnectSkeleton } from './connect-skeleton.tsx';
import { FillingBar } from './filling-bar.tsx';
import { madeToken } from './made-token.ts';
import { ToolDetail } from './tool-detail.tsx';
import { ToolFilter } from './tool-filter.tsx';
import { inGroups, ToolList } from './tool-list.tsx';
import './connect.css';

const NO_TOOLS: readonly Tool[] = [];

/** Every tool that can be pointed at an OpenAI endpoint, and how. */
export function ConnectScreen(): ReactNode {
  const [filter, change] = useSearchFilter(parseFilter);
  const apps = useQuery(api.apps.list.queryOptions()).data?.apps;
  const made = useStore(madeToken);
  const app = apps?.find(({ id }) => id === filter.app) ?? apps?.[0] ?? null;
  const token = made && made.appId === app?.id ? made.token : null;
  const query = useQuery(
    api.snippets.list.queryOptions({
      input: {
        ...(token === null ? {} : { token }),
        ...(filter.model === null ? {} : { model: filter.model }),
      },
      placeholderData: keepPreviousData,
      // What has a token in it is not kept longer than it is shown.
      ...(token === null ? {} : { gcTime: 0 }),
    }),
  );
  const tools = query.data?.tools ?? NO_TOOLS;
  const shown = useMemo(
    () => inGroups(filterTools(tools, filter)).flatMap(([, list]) => list),
    [tools, filter],
  );
  const tool = shown.find(({ id }) => id === filter.tool) ?? shown[0];
  const open = (id: string): void => change({ tool: id });
  const move = (by: number): void => {
    const next = shown[shown.findIndex(({ id }) => id === tool?.id) + by];
    if (next) open(next.id);
  };
  useShortcuts([
    { keys: 'j', label: text.shortcuts.next, run: () => move(1) },
    { keys: 'k', label: text.shortcuts.previous, run: () => move(-1) },
  ]);

  if (query.isError) {
    return (
      <>
        <PageHeader title={text.title} lead={text.lead} />
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  }
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <FillingBar
        apps={apps}
        app={app}
        model={filter.model}
        token={token}
        label={tool ? text.filling.tokenName(tool.name) : null}
        onChange={change}
      />
      {query.isPending ? (
        <ConnectSkeleton />
      ) : tools.length === 0 ? (
        <EmptyState title={text.empty.title} what={text.empty.what} />
      ) : (
        <div className="tg-connect">
          <div className="tg-connect-side">
            <ToolFilter filter={filter} onChange={change} shown={shown.length} all={tools.length} />
            <ToolList tools={shown} current={tool?.id} onOpen={open} />
          </div>
          {tool ? (
            <ToolDetail key={tool.id} tool={tool} app={app} model={filter.model} />
          ) : (
            <div className="tg-card">
              <EmptyState
                icon={<IconPlugConnected size={22} stroke={1.6} />}
                title={text.none.title}
                what={text.none.what}
                next={
                  <Button variant="default" onClick={() => change({ q: undefined, show: undefined })}>
                    {text.none.next}
                  </Button>
                }
              />
            </div>
          )}
        </div>
      )}
    </>
  );
}
