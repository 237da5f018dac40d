import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlugConnected, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { KeyStatus } from '../../../../proxy/contract/keys.ts';
import { api } from '../../api/client.ts';
import { showError } from '../../api/show-error.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { Note } from '../../components/note.tsx';
import { Section } from '../../components/section.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';
import { useShortcuts } from '../../palette/shortcuts.ts';
import { useSearchFilter } from '../../router/search.ts';
import { keyText as text } from '../../text/key.ts';
import { ChangeKey } from './change-key.tsx';
import { KeyFacts } from './key-facts.tsx';
import { parseKeySearch } from './key-search.ts';
import { Retiring } from './retiring.tsx';
import { RotateDialog } from './rotate-dialog.tsx';
import { useKeyTest } from './use-key-test.ts';

const TONES: Readonly<Record<KeyStatus['state'], Tone>> = {
  ready: 'good',
  missing: 'warn',
  unavailable: 'bad',
  rejected: 'bad',
};

export interface KeyStateProps {
  readonly status: KeyStatus;
  readonly isLooking: boolean;
  onLook(): void;
}

/** How the key is and what can be done with it; the next step comes first. */
export function KeyState({ status, isLooking, onLook }: KeyStateProps): ReactNode {
  const { state, canWrite } = status;
  const [{ isRotating }, change] = useSearchFilter(parseKeySearch);
  const [test, isTesting] = useKeyTest();
  const queries = useQueryClient();
  const remove = useMutation(
    api.keys.remove.mutationOptions({
      onSuccess: () => {
        notifications.show({ title: text.removed, message: text.removedWhat });
        return queries.invalidateQueries({ queryKey: api.keys.status.key() });
      },
      onError: showError,
    }),
  );
  const hasKey = state === 'ready' || state === 'rejected';
  const canRotate = hasKey && canWrite;
  const rotate = (): void => change({ rotate: 'yes' });
  useShortcuts([
    ...(hasKey ? [{ keys: 't', label: text.shortcuts.test, run: test }] : []),
    ...(canRotate ? [{ keys: 'r', label: text.shortcuts.rotate, run: rotate }] : []),
  ]);
  return (
    <>
      <Section
        title={text.state.title}
        lead={
          <span className="tg-key-state">
            <StatusBadge tone={TONES[state]}>{text.state[state].label}</StatusBadge> {text.state[state].what}
          </span>
        }
        actions={
          hasKey && (
            <>
              {canWrite && (
                <ConfirmButton
                  color="red"
                  variant="subtle"
                  question={text.removeQuestion}
                  confirmLabel={text.removeConfirm}
                  loading={remove.isPending}
                  onConfirm={() => remove.mutate(undefined)}
                >
                  {text.remove}
                </ConfirmButton>
              )}
              <Button
                variant="default"
                leftSection={<IconPlugConnected size={14} />}
                loading={isTesting}
                onClick={test}
              >
                {text.test}
              </Button>
              {canWrite && (
                <Button leftSection={<IconRefresh size={14} />} onClick={rotate}>
                  {text.rotate}
                </Button>
              )}
            </>
          )
        }
      >
        {state === 'unavailable' && (
          <Note
            tone="bad"
            role="status"
            title={status.problem?.message ?? text.state.unavailable.what}
            actions={
              <Button variant="default" loading={isLooking} onClick={onLook}>
                {text.lookAgain}
              </Button>
            }
          >
            {status.problem?.hint}
          </Note>
        )}
        <KeyFacts status={status} />
        {!canWrite && (
          <Note tone="warn" title={text.readOnly.title}>
            {status.store === 'env' ? text.readOnly.env : text.readOnly.other}
          </Note>
        )}
      </Section>
      {state === 'missing' && canWrite && (
        <Section title={text.first.title} lead={`${text.first.lead} ${text.first.where(status.backend)}`}>
          <ChangeKey status={status} />
        </Section>
      )}
      {status.retiring.length > 0 && <Retiring keys={status.retiring} />}
      {isRotating && canRotate && (
        <RotateDialog status={status} onClose={() => change({ rotate: undefined })} />
      )}
    </>
  );
}
