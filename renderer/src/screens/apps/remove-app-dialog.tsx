import { Button, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { dropApp } from '../../api/app-cache.ts';
import { api } from '../../api/client.ts';
import { CallError } from '../../components/call-error.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { limitWords } from '../../format/limit-words.ts';
import { appsText } from '../../text/apps.ts';
import { commonText } from '../../text/common.ts';
import './apps.css';

const { remove: text } = appsText;

export interface RemoveAppDialogProps {
  readonly app: AppView;
  readonly isOpen: boolean;
  onClose(): void;
  /** After it is gone: a screen of its own leads elsewhere. */
  onRemoved?(): void;
}

/** Says what stops before it stops. */
export function RemoveAppDialog({ app, isOpen, onClose, onRemoved }: RemoveAppDialogProps): ReactNode {
  const queries = useQueryClient();
  const remove = useMutation(
    api.apps.remove.mutationOptions({
      onSuccess: () => {
        onClose();
        onRemoved?.();
        dropApp(queries, app.id);
      },
    }),
  );
  const close = (): void => {
    remove.reset();
    onClose();
  };
  return (
    <Dialog isOpen={isOpen} onClose={close} title={text.title(app.name)} size={480}>
      <Stack gap="md">
        <div className="tg-remove">
          <p>{text.now}</p>
          <ul>
            <li>{text.tokens(app.tokens)}</li>
            <li>{text.streams}</li>
            {app.limits.length > 0 && <li>{text.limits(app.limits.map(limitWords).join(', '))}</li>}
          </ul>
          <p>{text.record}</p>
          <p>{text.noUndo}</p>
        </div>
        <CallError error={remove.error} />
        <div className="tg-dialog-foot">
          <Button variant="default" onClick={close} data-autofocus>
            {commonText.cancel}
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate({ app: app.id })}>
            {text.confirm(app.name)}
          </Button>
        </div>
      </Stack>
    </Dialog>
  );
}
