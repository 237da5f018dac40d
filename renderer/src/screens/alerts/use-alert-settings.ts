import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AlertSettings } from '../../../../proxy/contract/alerts.ts';
import { api } from '../../api/client.ts';
import { showError } from '../../api/show-error.ts';

export interface AlertSettingsHandle {
  readonly settings: AlertSettings | undefined;
  readonly error: Error | null;
  retry(): void;
  change(patch: Partial<AlertSettings>): void;
  readonly isSaving: boolean;
}

/** What is worth an alert; a change shows at once, and is taken back when the engine refuses it. */
export function useAlertSettings(): AlertSettingsHandle {
  const queries = useQueryClient();
  const queryKey = api.alerts.settings.queryKey();
  const query = useQuery(api.alerts.settings.queryOptions());
  const mutation = useMutation(
    api.alerts.change.mutationOptions({
      onMutate: (patch) => {
        const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
        queries.setQueryData(queryKey, (settings) => settings && { ...settings, ...given });
      },
      onSuccess: (settings) => queries.setQueryData(queryKey, settings),
      onError: (error) => {
        void queries.invalidateQueries({ queryKey });
        showError(error);
      },
    }),
  );
  return {
    settings: query.data,
    error: query.error,
    retry: () => void query.refetch(),
    change: (patch) => mutation.mutate(patch),
    isSaving: mutation.isPending,
  };
}
