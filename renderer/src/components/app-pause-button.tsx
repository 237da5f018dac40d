import { ActionIcon, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AppView } from '../../../proxy/contract/apps.ts';
import { api } from '../api/client.ts';
import { describeError } from '../api/errors.ts';
import { pauseText } from '../text/pause.ts';

/** Pauses an app with one click, and lets it go on with another. Stands beside what it could spend. */
export function AppPauseButton({ app }: { readonly app: AppView }): ReactNode {
  const queries = useQueryClient();
  const options = {
    onSuccess: (changed: AppView): void => {
      queries.setQueryData(
        api.apps.list.queryKey(),
        (list) => list && { apps: list.apps.map((each) => (each.id === changed.id ? changed : each)) },
      );
      queries.setQueryData(api.apps.get.queryKey({ input: { app: changed.id } }), changed);
    },
    onError: (error: unknown): void => {
      const { what, next } = describeError(error);
      notifications.show({ color: 'red', title: what, message: next });
    },
  };
  const pause = useMutation(api.apps.pause.mutationOptions(options));
  const resume = useMutation(api.apps.resume.mutationOptions(options));
  const isPaused = app.mode === 'paused';
  return (
    <PauseSwitch
      isPaused={isPaused}
      isPending={pause.isPending || resume.isPending}
      label={isPaused ? pauseText.resume(app.name) : pauseText.pause(app.name)}
      onPress={() => (isPaused ? resume : pause).mutate({ app: app.id })}
    />
  );
}

export interface PauseSwitchProps {
  readonly isPaused: boolean;
  readonly isPending: boolean;
  readonly label: string;
  onPress(): void;
}

export function PauseSwitch({ isPaused, isPending, label, onPress }: PauseSwitchProps): ReactNode {
  const Icon = isPaused ? IconPlayerPlay : IconPlayerPause;
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant={isPaused ? 'filled' : 'default'}
        color={isPaused ? 'toll' : 'gray'}
        size={28}
        loading={isPending}
        aria-label={label}
        aria-pressed={isPaused}
        onClick={onPress}
      >
        <Icon size={15} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}
