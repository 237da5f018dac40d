import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { showError } from '../../api/show-error.ts';
import { alertsText as text } from '../../text/alerts.ts';

export interface AlertActions {
  acknowledge(id: number): void;
  acknowledgeAll(): void;
  /** A span such as `1h`, or `window`: until the limit resets. */
  snooze(id: number, until: string): void;
  wake(id: number): void;
  readonly isPending: boolean;
}

/** What can be done with alerts; the lists follow. */
export function useAlertActions(): AlertActions {
  const queries = useQueryClient();
  const readAgain = (): void => void queries.invalidateQueries({ queryKey: api.alerts.list.key() });
  const acknowledge = useMutation(
    api.alerts.acknowledge.mutationOptions({
      onSuccess: ({ acknowledged, open }, { ids }) => {
        readAgain();
        queries.setQueryData(
          api.engine.status.queryKey(),
          (status) => status && { ...status, openAlerts: open },
        );
        if (ids === 'all') notifications.show({ message: text.actions.acknowledgeAllDone(acknowledged) });
      },
      onError: showError,
    }),
  );
  const options = { onSuccess: readAgain, onError: showError };
  const snooze = useMutation(api.alerts.snooze.mutationOptions(options));
  const wake = useMutation(api.alerts.wake.mutationOptions(options));
  return {
    acknowledge: (id) => acknowledge.mutate({ ids: [id] }),
    acknowledgeAll: () => acknowledge.mutate({ ids: 'all' }),
    snooze: (id, until) => snooze.mutate({ id, until }),
    wake: (id) => wake.mutate({ id }),
    isPending: acknowledge.isPending,
  };
}
