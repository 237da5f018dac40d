import { Button, Group, Modal, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import type { FileChange, Tool } from '../../../../proxy/contract/snippets.ts';
import { api } from '../../api/client.ts';
import { ErrorNote } from '../../components/note.tsx';
import { commonText } from '../../text/common.ts';
import { connectText } from '../../text/connect.ts';
import { FileDiff } from './file-diff.tsx';

const { file: text } = connectText;

export interface WriteDialogProps {
  readonly tool: Tool;
  readonly change: FileChange;
  readonly app: AppView;
  readonly model: string | null;
  onClose(): void;
  onWritten(change: FileChange): void;
}

/** Shows what writing a file changes, before anything is written. */
export function WriteDialog({ tool, change, app, model, onClose, onWritten }: WriteDialogProps): ReactNode {
  const write = useMutation({
    ...api.snippets.write.mutationOptions({ onSuccess: onWritten }),
    // The answer may hold a token.
    gcTime: 0,
  });
  const { before, after, path } = change;
  return (
    <Modal opened onClose={onClose} title={text.dialog(tool.name)} size="xl">
      <Stack gap="sm">
        <code className="tg-mono tg-dim tg-connect-break">{path}</code>
        <FileDiff before={before ?? ''} after={after} label={text.diff} />
        <p className="tg-connect-note">
          {before === null ? text.isNew : `${before === after ? text.isSame : text.backup} ${text.secrets}`}{' '}
          {tool.file?.holdsToken && text.tokenComes}
        </p>
        {write.isError && <ErrorNote error={write.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {commonText.cancel}
          </Button>
          <Button
            data-autofocus
            loading={write.isPending}
            onClick={() => write.mutate({ tool: tool.id, app: app.id, ...(model === null ? {} : { model }) })}
          >
            {text.write}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
