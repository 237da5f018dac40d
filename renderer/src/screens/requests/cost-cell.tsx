import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import type { RequestView } from '../../../../proxy/contract/requests.ts';
import { Money } from '../../components/money.tsx';
import { money } from '../../format/money.ts';
import { requestsText as text } from '../../text/requests.ts';
import { unknownCost } from './request-kind.ts';

/** What it cost; while it runs what it holds, and a dash with the reason where nobody knows. */
export function CostCell({ request }: { readonly request: RequestView }): ReactNode {
  const { outcome, costNanoUsd, holdNanoUsd } = request;
  if (outcome === 'open') {
    if (holdNanoUsd === null) return <Money nanoUsd={null} reason={text.heldUnknown} dimmed />;
    return (
      <Tooltip label={text.heldWhy} multiline maw={300}>
        <span className="tg-num tg-held">{text.heldNow(money(holdNanoUsd))}</span>
      </Tooltip>
    );
  }
  const unknown = unknownCost(request);
  if (unknown !== null) return <Money nanoUsd={null} reason={text.unknownCost[unknown]} />;
  return <Money nanoUsd={costNanoUsd} dimmed={costNanoUsd === 0} />;
}
