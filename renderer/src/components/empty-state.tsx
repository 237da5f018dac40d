import type { ReactNode } from 'react';
import './state.css';

export interface EmptyStateProps {
  readonly title: string;
  readonly what: string;
  /** The one next step: a button or a link. */
  readonly next?: ReactNode;
  readonly icon?: ReactNode;
}

/** Nothing is here yet, and what to do about it. */
export function EmptyState({ title, what, next, icon }: EmptyStateProps): ReactNode {
  return (
    <div className="tg-state">
      {icon !== undefined && (
        <div className="tg-state-icon" aria-hidden="true">
          {icon}
        </div>
      )}
      <h2 className="tg-state-title">{title}</h2>
      <p className="tg-state-what">{what}</p>
      {next !== undefined && <div className="tg-state-next">{next}</div>}
    </div>
  );
}
