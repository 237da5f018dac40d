import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { describeError } from '../api/errors.ts';
import './call-error.css';

/** Why something was not done, beside what was typed in: nothing of that is lost. */
export function CallError({ error }: { readonly error: unknown }): ReactNode {
  if (error === null || error === undefined) return null;
  const { what, next } = describeError(error);
  return (
    <div className="tg-call-error" role="alert">
      <IconAlertTriangle size={16} stroke={1.7} aria-hidden="true" />
      <div>
        <b>{what}</b>
        <span>{next}</span>
      </div>
    </div>
  );
}
