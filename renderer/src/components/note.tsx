import type { ReactNode } from 'react';
import { describeError } from '../api/errors.ts';
import { commonText } from '../text/common.ts';
import type { Tone } from './status-badge.tsx';
import './note.css';

export interface NoteProps {
  readonly tone: Tone;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  /** What to do about it. */
  readonly actions?: ReactNode;
  readonly role?: 'status' | 'alert';
}

/** A few words inside of a screen that are more than text: what happened, what to mind. */
export function Note({ tone, title, children, actions, role }: NoteProps): ReactNode {
  return (
    <div className="tg-note" data-tone={tone} role={role}>
      <div className="tg-note-text">
        {title !== undefined && <strong>{title}</strong>}
        {children !== undefined && <div>{children}</div>}
      </div>
      {actions !== undefined && <div className="tg-note-actions">{actions}</div>}
    </div>
  );
}

/** What went wrong with something that was asked for here, and what to do. */
export function ErrorNote({ error }: { readonly error: unknown }): ReactNode {
  const { what, next, requestId } = describeError(error);
  return (
    <Note tone="bad" role="alert" title={what}>
      {next}
      {requestId !== null && <div className="tg-mono">{commonText.errors.requestId(requestId)}</div>}
    </Note>
  );
}
