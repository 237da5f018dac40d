import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { useZone } from '../api/queries.ts';
import { useNow } from '../format/now.ts';
import { exactTime, nowBeside, relativeTime } from '../format/time.ts';
import { commonText } from '../text/common.ts';

/** How long ago, with the exact time in the user's zone on hover. */
export function RelativeTime({
  at,
  never,
}: {
  readonly at: string | null;
  readonly never?: string;
}): ReactNode {
  const nowMs = useNow();
  const { zone } = useZone();
  if (at === null) return <span className="tg-dim">{never ?? commonText.none}</span>;
  return (
    <Tooltip label={exactTime(at, zone)}>
      <time className="tg-num" dateTime={at}>
        {relativeTime(at, nowBeside(at, nowMs))}
      </time>
    </Tooltip>
  );
}
