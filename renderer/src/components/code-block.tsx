import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import './code-block.css';

export interface CodeBlockProps {
  readonly code: string;
  readonly label?: string;
  /** For prose and what a program has printed: long lines are broken, and much of it scrolls. */
  readonly wraps?: boolean;
}

/** Text to be copied as it stands: a command, a snippet, a file. */
export function CodeBlock({ code, label, wraps = false }: CodeBlockProps): ReactNode {
  return (
    <div className="tg-code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is scrolled by keyboard, too */}
      <pre className={wraps ? 'tg-code-text tg-code-wraps' : 'tg-code-text'} tabIndex={0}>
        <code>{code}</code>
      </pre>
      <div className="tg-code-copy">
        <CopyButton text={code} {...(label === undefined ? {} : { label })} />
      </div>
    </div>
  );
}
