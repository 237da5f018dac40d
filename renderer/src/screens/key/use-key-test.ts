import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, control } from '../../api/client.ts';
import { showError } from '../../api/show-error.ts';
import { keyText as text } from '../../text/key.ts';
import { lastCheck } from './last-check.ts';

/** Asks OpenAI about the stored key; the screen shows what it said. */
export async function testKey(queries: QueryClient): Promise<void> {
  const { ok, models, message } = await control.keys.test();
  const status = await control.keys.status();
  queries.setQueryData(api.keys.status.queryKey(), status);
  lastCheck.set({
    at: new Date().toISOString(),
    fingerprint: status.fingerprint,
    ok,
    message: ok ? text.testOk(models) : message,
  });
}

export function useKeyTest(): readonly [() => void, boolean] {
  const queries = useQueryClient();
  const test = useMutation({ mutationFn: () => testKey(queries), onError: showError });
  return [() => test.mutate(), test.isPending];
}
