import { Button, Menu } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { EngineStatus } from '../../../proxy/contract/engine-status.ts';
import { api } from '../api/client.ts';
import { showError } from '../api/show-error.ts';
import { layoutText } from '../text/layout.ts';

/** The switch that stops everything at once, and lets it go on. */
export function PauseControl({ paused }: { readonly paused: EngineStatus['paused'] }): ReactNode {
  const { pauseAll, resumeAll, isPending } = usePauseAll();
  const { pause } = layoutText;
  if (paused) {
    return (
      <Button leftSection={<IconPlayerPlay size={14} />} loading={isPending} onClick={resumeAll}>
        {pause.resume}
      </Button>
    );
  }
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" leftSection={<IconPlayerPause size={14} />} loading={isPending}>
          {pause.button}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{pause.menu}</Menu.Label>
        <Menu.Item onClick={() => pauseAll('15m')}>{pause.minutes15}</Menu.Item>
        <Menu.Item onClick={() => pauseAll('1h')}>{pause.hour}</Menu.Item>
        <Menu.Item onClick={() => pauseAll(null)}>{pause.untilResumed}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export interface PauseAll {
  /** A span such as `15m`; null until somebody resumes. */
  pauseAll(until: string | null): void;
  resumeAll(): void;
  readonly isPending: boolean;
}

export function usePauseAll(): PauseAll {
  const queries = useQueryClient();
  const onSuccess = (status: EngineStatus): void => {
    queries.setQueryData(api.engine.status.queryKey(), status);
  };
  const pause = useMutation(api.engine.pauseAll.mutationOptions({ onSuccess, onError: showError }));
  const resume = useMutation(api.engine.resumeAll.mutationOptions({ onSuccess, onError: showError }));
  return {
    pauseAll: (until) => pause.mutate({ until }),
    resumeAll: () => resume.mutate(undefined),
    isPending: pause.isPending || resume.isPending,
  };
}
