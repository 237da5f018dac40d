import { Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '../../api/client.ts';
import { CallError } from '../../components/call-error.tsx';
import { Choice } from '../../components/choice.tsx';
import { Dialog, DialogFoot } from '../../components/dialog.tsx';
import { appTokensText } from '../../text/app-tokens.ts';
import type { TokenDialogProps } from './issue-token-dialog.tsx';
import { IssuedToken, useTokenOptions } from './issued-token.tsx';

const { rotation: text } = appTokensText;
const OVERLAPS = ['now', '1h', '24h', '7d'] as const;

/** A new token in place of all that work, which end at once or after a while. */
export function RotateDialog({ app, onClose }: TokenDialogProps): ReactNode {
  const [oldTokensEnd, setEnd] = useState<(typeof OVERLAPS)[number]>('24h');
  const rotate = useMutation(api.apps.rotate.mutationOptions(useTokenOptions()));
  if (rotate.data) {
    const forget = (): void => {
      rotate.reset();
      onClose();
    };
    return (
      <IssuedToken made={rotate.data} title={text.ready} note={text.notes[oldTokensEnd]} onStored={forget} />
    );
  }
  return (
    <Dialog isOpen onClose={onClose} title={text.title} size={520}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rotate.mutate({ app: app.id, oldTokensEnd });
        }}
      >
        <Stack gap="md">
          <p className="tg-dialog-lead">{text.lead(app.tokens)}</p>
          <Choice
            isFocused
            label={text.when}
            value={oldTokensEnd}
            onChange={(end) => setEnd(end)}
            options={OVERLAPS.map((value) => ({ value, ...text.options[value] }))}
          />
          <CallError error={rotate.error} />
          <DialogFoot submit={text.submit} isPending={rotate.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
