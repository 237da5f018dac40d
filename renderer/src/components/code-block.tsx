import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import './code-block.css';

/** Text to be copied as it stands: a command, a snippet, a file. */
export function CodeBlock({ code, label }: { readonly code: string; readonly label?: string }): ReactNode {
  return (
    <div className="tg-code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is scrolled by keyboard, too */}
      <pre className="tg-code-text" tabIndex={0}>
        <code>{code}</code>
      </pre>
      <div className="tg-code-copy">
        <CopyButton text={code} {...(label === undefined ? {} : { label })} />
      </div>
    </div>
  );
}
