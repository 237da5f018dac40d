import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Leak } from '../../../../proxy/contract/checklist.ts';
import { LINKS } from '../../../../proxy/contract/links.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { ExternalLink } from '../../components/external-link.tsx';
import { ErrorNote, Note } from '../../components/note.tsx';
import type { Column } from '../../components/table-columns.ts';
import { count } from '../../format/count.ts';
import { securityText } from '../../text/security.ts';
import type { Scan } from './use-scan.ts';

const { scan: text } = securityText;

const placeOf = ({ path, line, column }: Leak): string => `${path}:${line}:${column}`;

const COLUMNS: readonly Column<Leak>[] = [
  {
    id: 'place',
    header: text.columns.place,
    width: 'minmax(220px, 2fr)',
    cell: (leak) => (
      <span className="tg-mono" title={placeOf(leak)}>
        {placeOf(leak)}
      </span>
    ),
    sortBy: placeOf,
  },
  {
    id: 'what',
    header: text.columns.what,
    width: '150px',
    cell: ({ what }) => what,
    sortBy: ({ what }) => what,
  },
  {
    id: 'masked',
    header: text.columns.masked,
    width: 'minmax(150px, 1fr)',
    hiddenBelow: 620,
    cell: ({ masked }) => <span className="tg-mono tg-dim">{masked}</span>,
  },
  {
    id: 'copy',
    header: text.columns.copy,
    width: '40px',
    cell: ({ path }) => <CopyButton text={path} label={text.copyPath} />,
  },
];

/** What a scan has found so far, or in the end. */
export function ScanOutcome({ scan }: { readonly scan: Scan }): ReactNode {
  const { state, leaks, files, skipped, error } = scan;
  if (state === 'idle' || (state === 'running' && leaks.length === 0)) return null;
  return (
    <div className="tg-scan-outcome">
      {state === 'failed' && <ErrorNote error={error} />}
      {state === 'cancelled' && (
        <Note tone="quiet" role="status" title={text.cancelled}>
          {text.cancelledAfter(count(files))}
        </Note>
      )}
      {state === 'done' && leaks.length === 0 && (
        <Note
          tone={files === 0 && skipped === 0 ? 'warn' : 'good'}
          role="status"
          title={files === 0 && skipped === 0 ? text.nothing : text.clean}
        >
          {files === 0 && skipped === 0 ? text.nothingNext : text.cleanAfter(count(files), count(skipped))}
        </Note>
      )}
      {state === 'done' && leaks.length > 0 && (
        <Note
          tone="bad"
          role="status"
          title={text.found(leaks.length)}
          actions={
            <>
              <ExternalLink href={LINKS.openaiKeys}>{text.revoke}</ExternalLink>
              <Anchor
                inherit
                renderRoot={(props) => (
                  <Link {...props} to="/connect">
                    {text.connect}
                  </Link>
                )}
              />
            </>
          }
        >
          {text.foundNext} {text.foundAfter(count(files))}
        </Note>
      )}
      {leaks.length > 0 && (
        <DataTable label={text.table} rows={leaks} columns={COLUMNS} rowKey={placeOf} maxHeight="360px" />
      )}
    </div>
  );
}
