import { Tooltip } from '@mantine/core';
import { IconCloudX, IconHandStop } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { RequestView } from '../../../../proxy/contract/requests.ts';
import { requestsText as text } from '../../text/requests.ts';
import { kindOf, type RequestKind } from './request-kind.ts';
import './outcome-badge.css';

/** How a request ended, in a word; what the word means on hover. */
export function OutcomeBadge({ request }: { readonly request: RequestView }): ReactNode {
  const kind = kindOf(request);
  const { what } = text.kinds[kind];
  const reason = reasonWords(request.reason);
  return (
    <Tooltip label={reason === null ? what : `${what} (${reason})`} multiline maw={320}>
      <span className="tg-outcome" data-kind={kind}>
        <Mark kind={kind} />
        {nameOf(kind, request)}
        {request.count > 1 && <span className="tg-num">{text.times(request.count)}</span>}
      </span>
    </Tooltip>
  );
}

function Mark({ kind }: { readonly kind: RequestKind }): ReactNode {
  if (kind === 'blocked') return <IconHandStop size={13} stroke={2} aria-hidden="true" />;
  if (kind === 'upstream-error') return <IconCloudX size={14} stroke={2} aria-hidden="true" />;
  return <i aria-hidden="true" />;
}

function nameOf(kind: RequestKind, { status }: RequestView): string {
  if (kind !== 'upstream-error') return text.kinds[kind].name;
  return status === null || status < 400 ? text.noAnswer : text.upstreamStatus(status);
}

/** The reason in a few words; a code that is not known as it is. */
export function reasonWords(reason: string | null): string | null {
  return reason === null ? null : (text.reasons[reason] ?? reason.replaceAll('_', ' '));
}
