import { ActionIcon, Tooltip } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { AppView } from '../../../proxy/contract/apps.ts';
import { usePauseApp } from '../api/pause-app.ts';
import { pauseText } from '../text/pause.ts';

/** Pauses an app with one click, and lets it go on with another. Stands beside what it could spend. */
export function AppPauseButton({ app }: { readonly app: AppView }): ReactNode {
  const { toggle, isPending } = usePauseApp();
  const isPaused = app.mode === 'paused';
  return (
    <PauseSwitch
      isPaused={isPaused}
      isPending={isPending}
      label={isPaused ? pauseText.resume(app.name) : pauseText.pause(app.name)}
      onPress={() => toggle(app)}
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
