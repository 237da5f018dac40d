import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { describeError } from '../../api/errors.ts';

export interface StepMessageProps {
  readonly tone: 'good' | 'warn' | 'bad';
  readonly what: string;
  readonly more?: ReactNode;
}

/** How something went, said where it was done. */
export function StepMessage({ tone, what, more }: StepMessageProps): ReactNode {
  const Icon = tone === 'good' ? IconCircleCheck : IconAlertTriangle;
  return (
    <div className="tg-step-message" data-tone={tone} role={tone === 'good' ? 'status' : 'alert'}>
      <Icon size={18} stroke={1.8} aria-hidden="true" />
      <div>
        <b>{what}</b>
        {more !== undefined && <p>{more}</p>}
      </div>
    </div>
  );
}

export function StepError({ error }: { readonly error: unknown }): ReactNode {
  const { what, next } = describeError(error);
  return <StepMessage tone="bad" what={what} more={next} />;
}
