import type { ReactNode } from 'react';
import { LoadingRows } from '../../components/loading-rows.tsx';

/** As the screen, before the tools are there. */
export function ConnectSkeleton(): ReactNode {
  return (
    <div className="tg-connect">
      <div className="tg-connect-side">
        <LoadingRows rows={12} />
      </div>
      <div className="tg-card tg-connect-detail">
        <LoadingRows rows={8} />
      </div>
    </div>
  );
}
