import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AppView } from '../../../proxy/contract/apps.ts';
import { putApp } from './app-cache.ts';
import { api } from './client.ts';
import { showError } from './show-error.ts';

export interface PauseApp {
  /** Pauses what runs, and lets go on what is paused. */
  toggle(app: AppView): void;
  readonly isPending: boolean;
}

export function usePauseApp(): PauseApp {
  const queries = useQueryClient();
  const options = {
    onSuccess: (app: AppView): void => putApp(queries, app),
    onError: showError,
  };
  const pause = useMutation(api.apps.pause.mutationOptions(options));
  const resume = useMutation(api.apps.resume.mutationOptions(options));
  return {
    toggle: ({ id, mode }) => (mode === 'paused' ? resume : pause).mutate({ app: id }),
    isPending: pause.isPending || resume.isPending,
  };
}
