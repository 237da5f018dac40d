import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { showError } from '../../api/show-error.ts';

export interface Fix {
  run(id: string): void;
  readonly isPending: boolean;
}

/** Does what the fix of a finding says; the list that comes back takes the place of the one that is shown. */
export function useFix(said: string, title: string): Fix {
  const queries = useQueryClient();
  const fix = useMutation(
    api.checklist.fix.mutationOptions({
      onSuccess: (list) => {
        queries.setQueryData(api.checklist.list.queryKey(), list);
        notifications.show({ color: 'green', title: said, message: title });
      },
      onError: showError,
    }),
  );
  return { run: (id) => fix.mutate({ id }), isPending: fix.isPending };
}
