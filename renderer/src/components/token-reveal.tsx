import { Button, Stack, Tabs } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { AppView } from '../../../proxy/contract/apps.ts';
import { api } from '../api/client.ts';
import { tokenText as text } from '../text/token.ts';
import { CodeBlock } from './code-block.tsx';
import { CopyButton } from './copy-button.tsx';
import { FirstRequest } from './first-request.tsx';
import './token-reveal.css';

/** What the engine leaves in snippets where the app token belongs. */
const PLACEHOLDER = 'tg_YOUR_APP_TOKEN';
const SHOWN_TOOLS = ['curl', 'openai-python', 'openai-node'];

export interface TokenRevealProps {
  readonly app: AppView;
  readonly token: string;
  /** What to know of it: when the old ones end. */
  readonly note?: string | undefined;
  /** Waits for the first request, for an app that has made none. */
  readonly waits?: boolean;
  onStored(): void;
}

/**
 * An app token, the once that it can be seen, and how it is used. The token goes into the snippets here and
 * not in the engine: no query and no cache holds it.
 */
export function TokenReveal({ app, token, note, waits = false, onStored }: TokenRevealProps): ReactNode {
  const [tool, setTool] = useState<string | null>('curl');
  const model = app.policy.models.find((name) => !/[*?[\]]/.test(name));
  const snippets = useQuery(api.snippets.list.queryOptions({ input: model === undefined ? {} : { model } }));
  const tools = snippets.data?.tools.filter(({ id }) => SHOWN_TOOLS.includes(id)) ?? [];
  return (
    <Stack gap="md">
      <p className="tg-token-once">{text.once}</p>
      <div className="tg-token">
        <code className="tg-token-text" data-testid="app-token">
          {token}
        </code>
        <CopyButton text={token} label={text.copy} withLabel />
      </div>
      {note !== undefined && <p className="tg-token-note">{note}</p>}
      {tools.length > 0 && (
        <Tabs value={tool} onChange={setTool} keepMounted={false}>
          <Tabs.List aria-label={text.use}>
            {tools.map(({ id, name }) => (
              <Tabs.Tab key={id} value={id}>
                {name}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tools.map(({ id, snippets: list }) => (
            <Tabs.Panel key={id} value={id} pt="sm">
              <CodeBlock
                code={(list.at(-1)?.text ?? '').replaceAll(PLACEHOLDER, token)}
                label={text.copySnippet}
              />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
      <div className="tg-token-foot">
        {waits ? <FirstRequest app={app} /> : <span />}
        <Button leftSection={<IconCheck size={15} />} onClick={onStored} data-autofocus>
          {text.stored}
        </Button>
      </div>
    </Stack>
  );
}
