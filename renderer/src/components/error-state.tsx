import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { describeError } from '../api/errors.ts';
import { commonText } from '../text/common.ts';
import './state.css';

export interface ErrorStateProps {
  readonly error: unknown;
  /** Reads again; without it only what to do is said. */
  readonly onRetry?: (() => void) | undefined;
  /** In place of the retry: the next step that this screen knows better. */
  readonly next?: ReactNode;
}

/** What happened, what to do, and the id of the request where there is one. */
export function ErrorState({ error, onRetry, next }: ErrorStateProps): ReactNode {
  const { what, next: hint, code, requestId } = describeError(error);
  return (
    <div className="tg-state" role="alert">
      <div className="tg-state-icon" data-tone="bad" aria-hidden="true">
        <IconAlertTriangle size={22} stroke={1.6} />
      </div>
      <h2 className="tg-state-title">{what}</h2>
      <p className="tg-state-what">{hint}</p>
      <div className="tg-state-next">
        {next ??
          (onRetry && (
            <Button variant="default" onClick={onRetry}>
              {commonText.errors.retry}
            </Button>
          ))}
      </div>
      {(requestId ?? code) !== null && (
        <p className="tg-state-id tg-mono">
          {requestId === null ? code : commonText.errors.requestId(requestId)}
        </p>
      )}
    </div>
  );
}
