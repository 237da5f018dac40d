import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { RequestDetail } from '../../../../proxy/contract/requests.ts';
import { api } from '../../api/client.ts';
import { useZone } from '../../api/queries.ts';
import { RelativeTime } from '../../components/relative-time.tsx';
import { requestDetailText as text } from '../../text/request-detail.ts';
import { CostCell } from '../requests/cost-cell.tsx';
import { OutcomeBadge } from '../requests/outcome-badge.tsx';
import { HoldLife } from './hold-life.tsx';
import { RefusalNote } from './refusal-note.tsx';
import { RequestFacts } from './request-facts.tsx';
import { TimeLine } from './time-line.tsx';
import { TokenTable } from './token-table.tsx';

/** Everything that is kept of one request. */
export function DetailBody({ detail }: { readonly detail: RequestDetail }): ReactNode {
  const { request } = detail;
  const { zone } = useZone();
  const isOpen = request.outcome === 'open';
  const holds = useQuery({ ...api.engine.holds.queryOptions(), enabled: isOpen, refetchOnMount: 'always' });
  const hold = isOpen ? holds.data?.holds.find(({ id }) => id === request.id) : undefined;
  return (
    <div className="tg-detail-body">
      <div className="tg-detail-head">
        <div>
          <h2 className="tg-detail-title">
            {request.model === '' ? text.ofApp(request.app) : text.of(request.app, request.model)}
          </h2>
          <div className="tg-detail-line">
            <OutcomeBadge request={request} />
            <RelativeTime at={request.at} />
            {request.outcome !== 'refused' && (
              <span className="tg-detail-cost">
                <CostCell request={request} />
              </span>
            )}
          </div>
        </div>
      </div>
      <RefusalNote detail={detail} />
      <HoldLife detail={detail} hold={hold} zone={zone} />
      <TimeLine request={request} />
      <TokenTable detail={detail} />
      <RequestFacts detail={detail} zone={zone} />
    </div>
  );
}
