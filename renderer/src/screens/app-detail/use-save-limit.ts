import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AppView, LimitView, NewLimit } from '../../../../proxy/contract/apps.ts';
import { putApp } from '../../api/app-cache.ts';
import { api, control } from '../../api/client.ts';
import { isSameLimit, limitKeyOf } from '../../components/limit-draft.ts';

export interface SaveLimit {
  /** `percents`: the limit's own alert thresholds; null for those of the alert settings. */
  save(limit: NewLimit, percents: readonly number[] | null): void;
  remove(): void;
  readonly isSaving: boolean;
  readonly isRemoving: boolean;
  readonly error: unknown;
}

/** Saves a limit of an app; one that counts something else than before takes the place of the old one. */
export function useSaveLimit(app: AppView, before: LimitView | null, onDone: () => void): SaveLimit {
  const queries = useQueryClient();
  const save = useMutation({
    async mutationFn({ limit, percents }: { limit: NewLimit; percents: number[] | null }) {
      const isMoved = before !== null && !isSameLimit(before, limit);
      const changed = await control.apps.change({
        app: app.id,
        setLimits: [limit],
        ...(isMoved ? { removeLimits: [limitKeyOf(before)] } : {}),
      });
      putApp(queries, changed);
      const now = changed.limits.find((each) => isSameLimit(each, limit));
      if (!now || isSamePercents(now, percents)) return;
      const { limits } = await control.limits.setThresholds({
        app: app.id,
        limit: limitKeyOf(limit),
        percents,
      });
      putApp(queries, { ...changed, limits });
    },
    onSuccess: onDone,
  });
  const remove = useMutation(
    api.apps.change.mutationOptions({
      onSuccess: (changed) => {
        putApp(queries, changed);
        onDone();
      },
    }),
  );
  return {
    save: (limit, percents) => save.mutate({ limit, percents: percents && [...percents] }),
    remove: () => {
      if (before) remove.mutate({ app: app.id, removeLimits: [limitKeyOf(before)] });
    },
    isSaving: save.isPending,
    isRemoving: remove.isPending,
    error: save.error ?? remove.error,
  };
}

function isSamePercents(limit: LimitView, percents: readonly number[] | null): boolean {
  if (percents === null || !limit.hasOwnThresholds) return (percents === null) === !limit.hasOwnThresholds;
  return percents.join() === limit.thresholds.join();
}
