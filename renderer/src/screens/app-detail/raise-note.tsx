import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AppView, LimitView } from '../../../../proxy/contract/apps.ts';
import { putApp } from '../../api/app-cache.ts';
import { api } from '../../api/client.ts';
import { useZone } from '../../api/queries.ts';
import { showError } from '../../api/show-error.ts';
import { limitKeyOf } from '../../components/limit-draft.ts';
import { amountOf } from '../../format/limit-words.ts';
import { useNow } from '../../format/now.ts';
import { nearTime } from '../../format/time.ts';
import { appLimitsText as text } from '../../text/app-limits.ts';

export interface RaiseNoteProps {
  readonly app: AppView;
  readonly limit: LimitView;
  readonly raise: NonNullable<LimitView['raise']>;
}

/** That a limit counts more for a while, and the way back. */
export function RaiseNote({ app, limit, raise }: RaiseNoteProps): ReactNode {
  const queries = useQueryClient();
  const { zone } = useZone();
  const nowMs = useNow();
  const takeBack = useMutation(
    api.apps.raise.mutationOptions({
      onSuccess: (changed) => putApp(queries, changed),
      onError: showError,
    }),
  );
  return (
    <p className="tg-raise-note">
      {text.raised(amountOf(limit.metric, raise.amount), nearTime(raise.until, zone, nowMs))}
      <Button
        variant="subtle"
        size="compact-xs"
        loading={takeBack.isPending}
        onClick={() => takeBack.mutate({ app: app.id, limit: limitKeyOf(limit), amount: null })}
      >
        {text.takeBack}
      </Button>
    </p>
  );
}
