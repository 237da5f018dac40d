import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { LimitView } from '../../../../proxy/contract/apps.ts';
import type { Window } from '../../../../proxy/contract/limits.ts';
import type { Overview } from '../../../../proxy/contract/usage.ts';
import { api } from '../../api/client.ts';
import { capOf, SpendBar } from '../../components/spend-bar.tsx';
import { count, percent } from '../../format/count.ts';
import { briefMoney, money } from '../../format/money.ts';
import { overviewText as text } from '../../text/overview.ts';

/** The four numbers that are looked at first. */
export function SpendTiles({ overview }: { readonly overview: Overview }): ReactNode {
  const { today, yesterday, month, burnNanoUsdPerHour, heldNanoUsd } = overview;
  const { tiles } = text;
  const limits = useQuery(api.limits.list.queryOptions()).data?.limits ?? [];
  const dayCap = capFor(limits, 'day');
  const monthCap = capFor(limits, 'month');
  const notes = [
    month.estimatedNanoUsd > 0 ? tiles.estimated(money(month.estimatedNanoUsd)) : null,
    month.unpricedRequests > 0 ? tiles.unpriced(month.unpricedRequests) : null,
  ].filter((note) => note !== null);
  return (
    <section className="tg-tiles tg-card" aria-label={tiles.label}>
      <Tile name={tiles.today} value={briefMoney(today.costNanoUsd)} cap={dayCap}>
        {tiles.requests(count(today.requests), today.requests)}
        {', '}
        {tiles.yesterday(briefMoney(yesterday.costNanoUsd))}
      </Tile>
      <Tile name={tiles.month} value={briefMoney(month.costNanoUsd)} cap={monthCap}>
        {tiles.requests(count(month.requests), month.requests)}
        {monthCap ? null : `, ${tiles.noCap}`}
        {notes.map((note) => (
          <span key={note} className="tg-tile-note">
            {note}
          </span>
        ))}
      </Tile>
      <Tile name={tiles.burn} value={tiles.perHour(briefMoney(burnNanoUsdPerHour))}>
        {heldNanoUsd > 0 ? tiles.held(briefMoney(heldNanoUsd)) : tiles.nothingHeld}
      </Tile>
      <Tile name={tiles.refused} value={count(today.refused)}>
        {today.refused === 0 ? (
          tiles.refusedNone
        ) : (
          <Link to="/requests" search={{ outcome: 'refused', since: '24h' }}>
            {tiles.refusedShow}
          </Link>
        )}
      </Tile>
    </section>
  );
}

function capFor(limits: readonly LimitView[], wanted: Window): LimitView | undefined {
  return limits.find(
    ({ metric, window, enforce }) => metric === 'usd' && window === wanted && enforce === 'hard',
  );
}

function Tile(props: {
  readonly name: string;
  readonly value: string;
  /** What the value is held against. */
  readonly cap?: LimitView | undefined;
  readonly children: ReactNode;
}): ReactNode {
  const { name, value, cap, children } = props;
  return (
    <div className="tg-tile">
      <h2>{name}</h2>
      <p className="tg-tile-value tg-num">
        {value}
        {cap && (
          <span className="tg-tile-cap">
            {text.tiles.ofCap(briefMoney(capOf(cap)), percent(cap.settled, capOf(cap)))}
          </span>
        )}
      </p>
      {cap && <SpendBar limit={cap} />}
      <p className="tg-tile-more">{children}</p>
    </div>
  );
}
