import { type ReactNode, useEffect } from 'react';
import type { SessionProblem } from '../api/session.ts';
import { CodeBlock } from '../components/code-block.tsx';
import { commonText } from '../text/common.ts';
import { sessionText } from '../text/session.ts';
import './session-closed.css';

/** Why nothing is shown, and the one command that changes it. */
// biome-ignore lint/style/noDefaultExport: React.lazy takes a default export
export default function SessionClosed({ problem }: { readonly problem: SessionProblem }): ReactNode {
  const { title, what } = sessionText.problems[problem];
  const isGone = problem === 'unreachable';
  useEffect(() => {
    document.title = `${title} · ${commonText.product}`;
  }, [title]);
  return (
    <main className="tg-closed">
      <img src="/favicon.svg" width={44} height={44} alt="" />
      <h1>{title}</h1>
      <p>{what}</p>
      <p className="tg-closed-next">{isGone ? sessionText.start : sessionText.next}</p>
      <CodeBlock code={isGone ? sessionText.startCommand : sessionText.command} />
    </main>
  );
}
