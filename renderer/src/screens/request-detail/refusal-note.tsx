import { Anchor } from '@mantine/core';
import { IconCloudX, IconHandStop, IconInfoCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RequestDetail } from '../../../../proxy/contract/requests.ts';
import { count } from '../../format/count.ts';
import { requestDetailText as text } from '../../text/request-detail.ts';
import { requestsText } from '../../text/requests.ts';
import { reasonWords } from '../requests/outcome-badge.tsx';
import { kindOf } from '../requests/request-kind.ts';
import { ruleWords } from './rule-words.ts';

const ICONS = { blocked: IconHandStop, 'upstream-error': IconCloudX } as const;

/** Why it did not go as it should: by whom, which rule, and where to change that. */
export function RefusalNote({ detail }: { readonly detail: RequestDetail }): ReactNode {
  const { request, explanation, rule } = detail;
  const kind = kindOf(request);
  const reason = reasonWords(request.reason);
  if (reason === null && kind !== 'blocked' && kind !== 'upstream-error') return null;
  const Icon = kind === 'blocked' || kind === 'upstream-error' ? ICONS[kind] : IconInfoCircle;
  const told = rule === null ? null : ruleWords(rule);
  return (
    <section className="tg-note" data-kind={kind}>
      <Icon size={18} stroke={1.8} aria-hidden="true" />
      <div>
        <strong>{kind === 'blocked' ? text.refusal.by : requestsText.kinds[kind].what}</strong>
        {told && (
          <p>
            {text.refusal.rule} <b>{told.words}</b>
            {'. '}
            {told.isOfKey ? (
              <Anchor component={Link} to="/" inherit underline="always">
                {text.refusal.open}
              </Anchor>
            ) : (
              <AppLink appId={request.appId}>{text.refusal.open}</AppLink>
            )}
          </p>
        )}
        <p>
          {told === null && explanation
            ? marked(explanation.message)
            : reason !== null && told === null && sentence(reason)}{' '}
          {explanation && marked(explanation.hint)}{' '}
          {kind === 'blocked' && told === null && (
            <AppLink appId={request.appId}>{text.refusal.openApp}</AppLink>
          )}
        </p>
        {request.count > 1 && <p>{text.refusal.many(count(request.count))}</p>}
      </div>
    </section>
  );
}

function AppLink({ appId, children }: { readonly appId: string; readonly children: ReactNode }): ReactNode {
  return (
    <Anchor component={Link} to={`/apps/${appId}`} inherit underline="always">
      {children}
    </Anchor>
  );
}

/** Commands stand out from the words. */
function marked(words: string): ReactNode {
  const parts = words.split('`').map((part, at) => ({ part, key: `${at} ${part}`, isCommand: at % 2 === 1 }));
  return parts.map(({ part, key, isCommand }) => (isCommand ? <code key={key}>{part}</code> : part));
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
