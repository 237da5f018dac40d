import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Finding } from '../../../../proxy/contract/checklist.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { securityText } from '../../text/security.ts';
import { useFix } from './use-fix.ts';

const { fix: text } = securityText;

export interface FixButtonProps {
  readonly id: string;
  readonly title: string;
  readonly fix: NonNullable<Finding['fix']>;
}

/** A change is told before it is made; what only the user knows is noted at once. */
export function FixButton({ id, title, fix }: FixButtonProps): ReactNode {
  const { run, isPending } = useFix(fix.kind === 'change' ? text.done : text.noted, title);
  if (fix.kind !== 'change') {
    return (
      <Button
        variant={fix.kind === 'confirm' ? 'default' : 'subtle'}
        color="gray"
        loading={isPending}
        onClick={() => run(id)}
      >
        {fix.label}
      </Button>
    );
  }
  const questions: Readonly<Record<string, string>> = text.questions;
  return (
    <ConfirmButton
      variant="filled"
      question={questions[id.split(':')[0] ?? ''] ?? text.question}
      confirmLabel={text.confirm}
      confirmColor={id.startsWith('unused-token') ? 'red' : 'toll'}
      loading={isPending}
      onConfirm={() => run(id)}
    >
      {fix.label}
    </ConfirmButton>
  );
}
