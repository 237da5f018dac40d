import { type ReactNode, useId } from 'react';
import './section.css';

export interface SectionProps {
  readonly title: string;
  /** One line of what it is for. */
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  /** Whether its content reaches its edges, as a table does. */
  readonly isFlush?: boolean;
  readonly children?: ReactNode;
}

/** A part of a screen with a heading of its own. */
export function Section({ title, lead, actions, isFlush = false, children }: SectionProps): ReactNode {
  const id = useId();
  return (
    <section className="tg-section tg-card" aria-labelledby={id}>
      <header className="tg-section-head">
        <div>
          <h2 id={id}>{title}</h2>
          {lead !== undefined && <p className="tg-section-lead">{lead}</p>}
        </div>
        {actions !== undefined && <div className="tg-section-actions">{actions}</div>}
      </header>
      {children !== undefined && (
        <div className="tg-section-body" data-flush={isFlush || undefined}>
          {children}
        </div>
      )}
    </section>
  );
}
