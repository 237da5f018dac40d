import { Anchor, Skeleton, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api } from '../../api/client.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { onboardingText as text } from '../../text/onboarding.ts';

/** The tools that most people try first, by the ids of the engine. */
const FIRST = ['curl', 'openai-python', 'openai-node', 'run', 'codex'];
/** Stands in the snippets where a token belongs. */
const PLACEHOLDER = 'tg_YOUR_APP_TOKEN';

export interface SnippetTabsProps {
  /** Null when it can no longer be shown. */
  readonly token: string | null;
}

export function SnippetTabs({ token }: SnippetTabsProps): ReactNode {
  const query = useQuery(api.snippets.list.queryOptions({ input: {} }));
  if (query.isPending) return <Skeleton height={190} radius="sm" />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const tools = FIRST.flatMap((id) => query.data.tools.find((tool) => tool.id === id) ?? []);
  const [first] = tools;
  if (!first) return null;
  return (
    <Tabs defaultValue={first.id} keepMounted={false} className="tg-snippets">
      <Tabs.List aria-label={text.connect.tools}>
        {tools.map(({ id, name }) => (
          <Tabs.Tab key={id} value={id}>
            {name}
          </Tabs.Tab>
        ))}
        <Anchor component={Link} to="/connect" fz="xs" className="tg-snippets-more">
          {text.connect.more}
        </Anchor>
      </Tabs.List>
      {tools.map((tool) => (
        <Tabs.Panel key={tool.id} value={tool.id}>
          {tool.snippets.slice(0, 2).map(({ id, title, text: code }) => (
            <div key={id} className="tg-snippet">
              <span className="tg-dim">{title}</span>
              {/* The token is put in here: the page has it, and need not send it anywhere. */}
              <CodeBlock code={token === null ? code : code.replaceAll(PLACEHOLDER, token)} label={title} />
            </div>
          ))}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
