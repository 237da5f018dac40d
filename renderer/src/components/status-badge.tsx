import type { ReactNode } from 'react';
import './status-badge.css';

export type Tone = 'good' | 'warn' | 'bad' | 'quiet' | 'accent';

/** A state in one word, with a dot so that it is not told by colour alone. */
export function StatusBadge({
  tone,
  children,
}: {
  readonly tone: Tone;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <span className="tg-badge" data-tone={tone}>
      {children}
    </span>
  );
}
