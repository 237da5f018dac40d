import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SettingsPatch } from '../../../../proxy/contract/settings.ts';
import { api } from '../../api/client.ts';
import { showError } from '../../api/show-error.ts';

/** Changes some settings; `onSaved` is called when they are stored. */
export function useSettingsChange(onSaved?: () => void): readonly [(patch: SettingsPatch) => void, boolean] {
  const queries = useQueryClient();
  const change = useMutation(
    api.settings.set.mutationOptions({
      onSuccess: (settings) => {
        queries.setQueryData(api.settings.get.queryKey(), settings);
        onSaved?.();
      },
      onError: showError,
    }),
  );
  return [change.mutate, change.isPending];
}
