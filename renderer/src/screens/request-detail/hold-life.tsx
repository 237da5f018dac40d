import type { ReactNode } from 'react';
import type { OpenHoldView } from '../../../../proxy/contract/holds.ts';
import type { RequestDetail } from '../../../../proxy/contract/requests.ts';
import { percent } from '../../format/count.ts';
import { money } from '../../format/money.ts';
import { clockTime, duration } from '../../format/time.ts';
import { requestDetailText as text } from '../../text/request-detail.ts';
import './hold-life.css';

export interface HoldLifeProps {
  readonly detail: RequestDetail;
  /** What it waits for, while it is open. */
  readonly hold: OpenHoldView | undefined;
  readonly zone: string;
}

/** What was held before anything was sent, and what became of it. */
export function HoldLife({ detail, hold, zone }: HoldLifeProps): ReactNode {
  const { request, life } = detail;
  const words = text.hold;
  const startMs = Date.parse(life[0]?.at ?? request.at);
  return (
    <section>
      <h2>{words.title}</h2>
      {request.outcome === 'refused' ? (
        <p className="tg-dim">{words.none}</p>
      ) : (
        <>
          <HoldBar detail={detail} />
          <ol className="tg-life">
            {life.map(({ at, what, nanoUsd }) => (
              <li key={`${what} ${at}`} data-what={what}>
                <span className="tg-life-what">{words.steps[what]}</span>
                <span className="tg-num">{nanoUsd === null ? '' : money(nanoUsd)}</span>
                <time className="tg-num tg-dim" dateTime={at}>
                  {what === 'held' ? clockTime(at, zone) : words.after(duration(Date.parse(at) - startMs))}
                </time>
              </li>
            ))}
            {request.outcome === 'open' && (
              <li data-what="open">
                <span className="tg-life-what">
                  {hold === undefined ? words.steps.open : text.late[hold.state]}
                  {hold?.objectId != null && (
                    <span className="tg-mono tg-dim">{` ${text.late.object(hold.objectId)}`}</span>
                  )}
                </span>
              </li>
            )}
          </ol>
          {request.overageNanoUsd > 0 && (
            <p className="tg-life-overage">{words.overage(money(request.overageNanoUsd))}</p>
          )}
        </>
      )}
    </section>
  );
}

/** The bound as the track, the cost as what fills it; more than the bound stands out in red. */
function HoldBar({ detail }: { readonly detail: RequestDetail }): ReactNode {
  const { holdNanoUsd: bound, costNanoUsd: cost, outcome } = detail.request;
  const words = text.hold;
  if (bound === null) return <p className="tg-dim">{words.unpriced}</p>;
  if (bound === 0) return <p className="tg-dim">{words.free}</p>;
  const isOpen = outcome === 'open';
  const used = isOpen ? 0 : (cost ?? 0);
  const whole = Math.max(bound, used);
  const part = (value: number): string => `${(value / whole) * 100}%`;
  const label = isOpen ? words.barOpen(money(bound)) : words.bar(money(cost), money(bound));
  return (
    <div className="tg-hold">
      <div className="tg-hold-track" role="img" aria-label={label} data-open={isOpen || undefined}>
        <div className="tg-hold-cost" style={{ width: part(Math.min(used, bound)) }} />
        {used > bound && <div className="tg-hold-over" style={{ width: part(used - bound) }} />}
      </div>
      <dl className="tg-hold-numbers">
        <div>
          <dt>{words.bound}</dt>
          <dd>{money(bound)}</dd>
        </div>
        {!isOpen && (
          <>
            <div>
              <dt>{words.cost}</dt>
              <dd>
                {money(cost)} {cost !== null && <small>{words.share(percent(cost, bound))}</small>}
              </dd>
            </div>
            <div>
              <dt>{used > bound ? words.beyond : words.given}</dt>
              <dd>{cost === null ? money(null) : money(Math.abs(bound - used))}</dd>
            </div>
          </>
        )}
      </dl>
    </div>
  );
}
