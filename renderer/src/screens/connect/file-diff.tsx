import { type ReactNode, useMemo } from 'react';
import { connectText } from '../../text/connect.ts';
import { diffLines } from './line-diff.ts';

const SIGNS = { same: ' ', removed: '-', added: '+' } as const;

export interface FileDiffProps {
  readonly before: string;
  readonly after: string;
  readonly label: string;
}

/** What turns one text into the other; told by signs as well as by colours. */
export function FileDiff({ before, after, label }: FileDiffProps): ReactNode {
  const lines = useMemo(
    () => diffLines(before, after).map((line, index) => ({ line, id: `line ${index}` })),
    [before, after],
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keyboard, too
    <section className="tg-diff" aria-label={label} tabIndex={0}>
      {lines.map(({ id, line }) =>
        line.kind === 'skipped' ? (
          <div key={id} className="tg-diff-line" data-kind="skipped">
            {connectText.file.lines(line.count)}
          </div>
        ) : (
          <div key={id} className="tg-diff-line" data-kind={line.kind}>
            <span>{SIGNS[line.kind]}</span>
            {line.text}
          </div>
        ),
      )}
    </section>
  );
}
