import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import type { Tool } from '../../../../proxy/contract/snippets.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { Note } from '../../components/note.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';
import { connectText as text } from '../../text/connect.ts';
import { ToolFile } from './tool-file.tsx';
import { isLibrary } from './tool-list.tsx';
import { TryIt } from './try-it.tsx';

const TONES: Readonly<Record<Tool['support'], Tone>> = {
  works: 'good',
  'by-hand': 'accent',
  impossible: 'bad',
};

export interface ToolDetailProps {
  readonly tool: Tool;
  readonly app: AppView | null;
  readonly model: string | null;
}

/** One tool: what to know, what to copy, the file that can be written, and a try. */
export function ToolDetail({ tool, app, model }: ToolDetailProps): ReactNode {
  const { name, support, installed, note, snippets, file } = tool;
  const isImpossible = support === 'impossible';
  return (
    <article className="tg-card tg-connect-detail" aria-labelledby="tool-name">
      <header className="tg-connect-head">
        <h2 id="tool-name">{name}</h2>
        <StatusBadge tone={TONES[support]}>{text.support[support]}</StatusBadge>
        {installed !== null && !isImpossible && (
          <StatusBadge tone={installed ? 'good' : 'quiet'}>
            {text.installed[isLibrary(tool) ? 'runtime' : 'tool'](installed)}
          </StatusBadge>
        )}
      </header>
      {isImpossible ? (
        <Note tone="bad" title={text.impossible.title}>
          <p className="tg-connect-reason">{note}</p>
          <p className="tg-connect-reason">{text.impossible.next}</p>
        </Note>
      ) : (
        <>
          {note !== '' && <p className="tg-connect-note">{note}</p>}
          <Tabs defaultValue={snippets[0]?.id ?? 'try'} keepMounted={false}>
            <Tabs.List aria-label={text.tabs.label}>
              {snippets.map(({ id, title }) => (
                <Tabs.Tab key={id} value={id}>
                  {title}
                </Tabs.Tab>
              ))}
              {file && <Tabs.Tab value="file">{text.tabs.file}</Tabs.Tab>}
              <Tabs.Tab value="try">{text.tabs.tryIt}</Tabs.Tab>
            </Tabs.List>
            {snippets.map(({ id, title, text: code }) => (
              <Tabs.Panel key={id} value={id}>
                <CodeBlock code={code} label={text.copySnippet(title)} />
              </Tabs.Panel>
            ))}
            {file && (
              <Tabs.Panel value="file">
                <ToolFile tool={tool} file={file} app={app} model={model} />
              </Tabs.Panel>
            )}
            <Tabs.Panel value="try">
              <TryIt tool={tool} app={app} model={model} />
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </article>
  );
}
