import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { KeyStatus } from '../../../../proxy/contract/keys.ts';
import { layoutText } from '../../text/layout.ts';
import { overviewText as text } from '../../text/overview.ts';

/** Nothing can be sent without a key: why there is none, and where to look. */
export function KeyNotice({ status }: { readonly status: KeyStatus }): ReactNode {
  if (status.state === 'ready') return null;
  const what = status.problem?.message ?? text.keyProblem.missing;
  return (
    <div className="tg-notice" role="status">
      <div>
        <b>{layoutText.status.key[status.state]}</b>
        <p>{[what, status.problem?.hint].filter((part) => part !== undefined).join(' ')}</p>
      </div>
      <Button component={Link} to={status.state === 'missing' ? '/welcome' : '/key'} variant="default">
        {text.keyProblem.next}
      </Button>
    </div>
  );
}
