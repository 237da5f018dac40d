import { NativeSelect, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { api } from '../../api/client.ts';
import { CallError } from '../../components/call-error.tsx';
import { Dialog, DialogFoot } from '../../components/dialog.tsx';
import { appTokensText } from '../../text/app-tokens.ts';
import { IssuedToken, useTokenOptions } from './issued-token.tsx';

const { issue: text } = appTokensText;
const EXPIRES = ['never', '1d', '7d', '30d', '90d'] as const;

export interface TokenDialogProps {
  readonly app: AppView;
  onClose(): void;
}

/** One more token, with what it is for, so that it can be revoked alone. */
export function IssueTokenDialog({ app, onClose }: TokenDialogProps): ReactNode {
  const [label, setLabel] = useState('');
  const [expires, setExpires] = useState<(typeof EXPIRES)[number]>('never');
  const issue = useMutation(api.tokens.issue.mutationOptions(useTokenOptions()));
  if (issue.data) {
    const forget = (): void => {
      issue.reset();
      onClose();
    };
    return <IssuedToken made={issue.data} title={text.ready} onStored={forget} />;
  }
  return (
    <Dialog isOpen onClose={onClose} title={text.title} size={460}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          issue.mutate({
            app: app.id,
            label: label.trim() === '' ? null : label.trim(),
            expires: expires === 'never' ? null : expires,
          });
        }}
      >
        <Stack gap="md">
          <TextInput
            label={text.label}
            description={text.labelHint}
            placeholder={text.labelPlaceholder}
            value={label}
            onChange={({ currentTarget }) => setLabel(currentTarget.value)}
            maxLength={60}
            autoComplete="off"
            data-autofocus
          />
          <NativeSelect
            label={text.expires}
            value={expires}
            onChange={({ currentTarget }) =>
              setExpires(EXPIRES.find((each) => each === currentTarget.value) ?? 'never')
            }
            data={EXPIRES.map((value) => ({ value, label: text.expiresList[value] }))}
          />
          <CallError error={issue.error} />
          <DialogFoot submit={text.submit} isPending={issue.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
