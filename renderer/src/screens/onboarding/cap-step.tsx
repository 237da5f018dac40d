import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { LimitView } from '../../../../proxy/contract/apps.ts';
import { NANO_PER_USD } from '../../../../proxy/contract/money.ts';
import { api } from '../../api/client.ts';
import { limitWords } from '../../format/limit-words.ts';
import { onboardingText as text } from '../../text/onboarding.ts';
import { AmountChoice } from './amount-choice.tsx';
import { StepError, StepMessage } from './step-message.tsx';
import { monthlyCap } from './steps.ts';

const PRESETS = [5, 20, 100];

export interface CapStepProps {
  readonly limits: readonly LimitView[];
  onNext(): void;
}

/** One cap over everything, so that no app that is made later can be forgotten. */
export function CapStep({ limits, onNext }: CapStepProps): ReactNode {
  const now = monthlyCap(limits);
  const first = now?.amount ?? 20 * NANO_PER_USD;
  const [nanoUsd, setNanoUsd] = useState<number | null>(first);
  const queries = useQueryClient();
  const set = useMutation(
    api.limits.set.mutationOptions({
      onSuccess: (list) => {
        queries.setQueryData(api.limits.list.queryKey(), list);
        onNext();
      },
    }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (nanoUsd === null) return;
    set.mutate({ limits: [{ metric: 'usd', amount: nanoUsd, window: 'month', enforce: 'hard' }] });
  };
  return (
    <form onSubmit={submit}>
      <h2>{text.cap.title}</h2>
      <p className="tg-step-what">{text.cap.what}</p>
      <AmountChoice label={text.cap.presets} presets={PRESETS} initialNanoUsd={first} onChange={setNanoUsd} />
      {now && <StepMessage tone="good" what={text.cap.now(limitWords(now))} />}
      {set.isError && <StepError error={set.error} />}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="subtle" color="gray" onClick={onNext}>
          {text.skip}
        </Button>
        <Button type="submit" loading={set.isPending} disabled={nanoUsd === null}>
          {text.cap.set}
        </Button>
      </Group>
    </form>
  );
}
