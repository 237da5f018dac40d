import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { LoadingRows } from '../components/loading-rows.tsx';

/** While the code of a screen is on its way. */
export function PendingPage(): ReactNode {
  return (
    <div>
      <Skeleton height={24} width={160} mb={28} />
      <LoadingRows rows={8} />
    </div>
  );
}
