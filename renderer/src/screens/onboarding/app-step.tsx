import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { APP_NAME_PATTERN } from '../../../../proxy/contract/app-policy.ts';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { NANO_PER_USD } from '../../../../proxy/contract/money.ts';
import { api } from '../../api/client.ts';
import { language } from '../../text/define-text.ts';
import { onboardingText as text } from '../../text/onboarding.ts';
import { AmountChoice } from './amount-choice.tsx';
import { newToken } from './new-token.ts';
import { StepError, StepMessage } from './step-message.tsx';

const PRESETS = [1, 5, 20];
const list = new Intl.ListFormat(language());

export interface AppStepProps {
  readonly apps: readonly AppView[];
  onNext(): void;
}

export function AppStep({ apps, onNext }: AppStepProps): ReactNode {
  const [name, setName] = useState('');
  const [nanoUsd, setNanoUsd] = useState<number | null>(NANO_PER_USD);
  const queries = useQueryClient();
  const create = useMutation({
    ...api.apps.create.mutationOptions({
      onSuccess: ({ app, token }) => {
        if (token !== null) newToken.set({ appId: app.id, token });
        queries.setQueryData(api.apps.list.queryKey(), (old) => old && { apps: [...old.apps, app] });
        onNext();
      },
    }),
    // The answer holds the token: it stays in one place alone.
    gcTime: 0,
  });
  const isNamed = APP_NAME_PATTERN.test(name);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isNamed || nanoUsd === null) return;
    create.mutate({
      name,
      limits: [{ metric: 'usd', amount: nanoUsd, window: 'day', enforce: 'hard' }],
    });
  };
  return (
    <form onSubmit={submit}>
      <h2>{text.app.title}</h2>
      <p className="tg-step-what">{text.app.what}</p>
      <Stack gap="md">
        <TextInput
          label={text.app.name}
          placeholder={text.app.namePlaceholder}
          value={name}
          error={name !== '' && !isNamed ? text.app.nameWrong : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
        />
        <AmountChoice
          label={text.app.daily}
          presets={PRESETS}
          initialNanoUsd={NANO_PER_USD}
          onChange={setNanoUsd}
        />
      </Stack>
      {apps.length > 0 && (
        <StepMessage tone="good" what={text.app.have(list.format(apps.map((app) => app.name)))} />
      )}
      {create.isError && <StepError error={create.error} />}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="subtle" color="gray" onClick={onNext}>
          {text.skip}
        </Button>
        <Button type="submit" loading={create.isPending} disabled={!isNamed || nanoUsd === null}>
          {text.app.make}
        </Button>
      </Group>
    </form>
  );
}
