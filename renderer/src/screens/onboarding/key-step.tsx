import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { KeyStatus } from '../../../../proxy/contract/keys.ts';
import { onboardingText as text } from '../../text/onboarding.ts';
import { KeyForm } from './key-form.tsx';
import { StepMessage } from './step-message.tsx';

export interface KeyStepProps {
  readonly status: KeyStatus;
  onNext(): void;
}

export function KeyStep({ status, onNext }: KeyStepProps): ReactNode {
  const [isReplacing, setReplacing] = useState(false);
  const { key } = text;
  const hasKey = status.state === 'ready' && !isReplacing;
  return (
    <>
      <h2>{key.title}</h2>
      <p className="tg-step-what">{key.what}</p>
      {hasKey ? (
        <>
          <StepMessage tone="good" what={key.stored(status.backend)} more={key.storedMore} />
          <Group justify="flex-end" gap="xs" mt="lg">
            {status.canWrite && (
              <Button variant="default" onClick={() => setReplacing(true)}>
                {key.another}
              </Button>
            )}
            <Button onClick={onNext}>{text.next}</Button>
          </Group>
        </>
      ) : status.canWrite ? (
        <>
          {status.problem && (
            <StepMessage tone="bad" what={status.problem.message} more={status.problem.hint} />
          )}
          <KeyForm backend={status.backend} onStored={onNext} onSkip={onNext} />
        </>
      ) : (
        <>
          <StepMessage tone="warn" what={key.fixed(status.backend)} more={key.fixedNext} />
          <Group justify="flex-end" mt="lg">
            <Button variant="default" onClick={onNext}>
              {text.skip}
            </Button>
          </Group>
        </>
      )}
    </>
  );
}
