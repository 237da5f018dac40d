import { Button } from '@mantine/core';
import { IconFilePencil } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { FileChange, Tool } from '../../../../proxy/contract/snippets.ts';
import { api } from '../../api/client.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { ErrorNote, Note } from '../../components/note.tsx';
import { connectText } from '../../text/connect.ts';
import type { ToolDetailProps } from './tool-detail.tsx';
import { WriteDialog } from './write-dialog.tsx';

const { file: text } = connectText;

export interface ToolFileProps extends ToolDetailProps {
  readonly file: NonNullable<Tool['file']>;
}

/** The file of a tool: what it would be, writing it, and putting it back. */
export function ToolFile({ tool, file, app, model }: ToolFileProps): ReactNode {
  const queries = useQueryClient();
  const [written, setWritten] = useState<Omit<FileChange, 'token'> | null>(null);
  const readAgain = (): Promise<void> => queries.invalidateQueries({ queryKey: api.snippets.list.key() });
  const preview = useMutation(api.snippets.preview.mutationOptions());
  const restore = useMutation(
    api.snippets.restore.mutationOptions({
      onSuccess: () => {
        setWritten(null);
        return readAgain();
      },
    }),
  );
  const ask = (): void => {
    restore.reset();
    if (app) preview.mutate({ tool: tool.id, app: app.id, ...(model === null ? {} : { model }) });
  };
  const onWritten = ({ token: _shownInTheFile, ...change }: FileChange): void => {
    preview.reset();
    setWritten(change);
    void readAgain();
  };
  return (
    <div className="tg-connect-panel">
      <Facts>
        <Fact
          name={text.path}
          value={
            <span className="tg-connect-path">
              <code className="tg-mono">{file.path}</code>
              <CopyButton text={file.path} label={text.copyPath} />
            </span>
          }
        />
        <Fact name={text.state} value={text.states[file.state]} />
        <Fact name={text.holdsToken} value={file.holdsToken ? text.withToken : text.withoutToken} />
      </Facts>
      <div className="tg-connect-actions">
        <Button
          variant={file.state === 'written' ? 'default' : 'filled'}
          leftSection={<IconFilePencil size={14} />}
          disabled={app === null}
          loading={preview.isPending}
          onClick={ask}
        >
          {file.state === 'written' ? text.previewAgain : text.preview}
        </Button>
        {file.canRestore && (
          <ConfirmButton
            question={text.restoreQuestion(file.path)}
            confirmLabel={text.restore}
            loading={restore.isPending}
            onConfirm={() => restore.mutate({ tool: tool.id })}
          >
            {text.restore}
          </ConfirmButton>
        )}
        {app === null && <span className="tg-dim">{text.needsApp}</span>}
      </div>
      {preview.isError && <ErrorNote error={preview.error} />}
      {restore.isError && <ErrorNote error={restore.error} />}
      {restore.isSuccess && written === null && (
        <Note tone="good" role="status" title={text.restored}>
          {restore.data.backup === null && text.removed}
        </Note>
      )}
      {written && <Written change={written} holdsToken={file.holdsToken} />}
      {preview.isSuccess && app && (
        <WriteDialog
          tool={tool}
          change={preview.data}
          app={app}
          model={model}
          onClose={preview.reset}
          onWritten={onWritten}
        />
      )}
    </div>
  );
}

function Written(props: {
  readonly change: Omit<FileChange, 'token'>;
  readonly holdsToken: boolean;
}): ReactNode {
  const { backup } = props.change;
  return (
    <Note tone="good" role="status" title={text.written}>
      {backup === null ? (
        <div>{text.noBackup}</div>
      ) : (
        <span className="tg-connect-path">
          {text.backupAt} <code className="tg-mono">{backup}</code>
          <CopyButton text={backup} label={text.copyBackup} />
        </span>
      )}
      {props.holdsToken && <div>{text.tokenMade}</div>}
    </Note>
  );
}
