import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { commonText } from '../text/common.ts';

/** A skeleton as tall as what it stands for, so that nothing moves when it comes. */
export function LoadingRows({
  rows = 6,
  height = 34,
}: {
  readonly rows?: number;
  readonly height?: number;
}): ReactNode {
  return (
    <div role="status" aria-label={commonText.loading}>
      {Array.from({ length: rows }, (_, row) => `row ${row}`).map((name, at) => (
        <div key={name} style={{ height, display: 'flex', alignItems: 'center' }}>
          <Skeleton height={12} width={`${[92, 78, 85, 70][at % 4]}%`} radius="xs" />
        </div>
      ))}
    </div>
  );
}
