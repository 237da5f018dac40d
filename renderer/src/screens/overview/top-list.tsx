import { Link } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import { appScreen } from '../../../../proxy/contract/screens.ts';
import type { UsageRow } from '../../../../proxy/contract/usage.ts';
import { Count } from '../../components/count.tsx';
import { Money } from '../../components/money.tsx';
import { overviewText as text } from '../../text/overview.ts';

const SHOWN = 6;

export interface TopListProps {
  readonly title: string;
  readonly rows: readonly UsageRow[];
  readonly by: 'app' | 'model';
}

/** Who has spent most, with a bar for the share of the dearest. */
export const TopList = memo(function TopList({ title, rows, by }: TopListProps): ReactNode {
  const spent = rows.filter(({ requests, refused }) => requests + refused > 0).slice(0, SHOWN);
  const most = Math.max(1, ...spent.map(({ costNanoUsd }) => costNanoUsd));
  const { columns } = text.top;
  return (
    <section className="tg-card tg-top" aria-label={title}>
      <header className="tg-section-head">
        <h2>{title}</h2>
      </header>
      {spent.length === 0 ? (
        <p className="tg-dim">{text.top.none}</p>
      ) : (
        <table>
          <thead className="tg-hidden">
            <tr>
              <th scope="col">{columns.name}</th>
              <th scope="col">{columns.requests}</th>
              <th scope="col">{columns.cost}</th>
            </tr>
          </thead>
          <tbody>
            {spent.map((row) => (
              <tr key={row.key}>
                <th scope="row">
                  {by === 'app' ? (
                    <Link to={appScreen(row.key)}>{row.name}</Link>
                  ) : (
                    <Link to="/requests" search={{ model: row.key }}>
                      {row.name}
                    </Link>
                  )}
                  <i style={{ width: `${(row.costNanoUsd / most) * 100}%` }} aria-hidden="true" />
                </th>
                <td className="tg-dim">
                  <Count value={row.requests} />
                </td>
                <td>
                  <Money nanoUsd={row.costNanoUsd} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
});
