import type { ReactNode } from 'react';
import type { RequestView } from '../../../../proxy/contract/requests.ts';
import { duration } from '../../format/time.ts';
import { requestDetailText as text } from '../../text/request-detail.ts';
import { Elapsed } from '../requests/elapsed.tsx';
import './hold-life.css';

/** From the moment it was sent: the wait for the first byte, then the answer. */
export function TimeLine({ request }: { readonly request: RequestView }): ReactNode {
  const { at, durationMs, firstByteMs, outcome } = request;
  const words = text.time;
  if (outcome === 'refused') return null;
  const wait = firstByteMs ?? durationMs;
  const answer = firstByteMs === null || durationMs === null ? null : Math.max(0, durationMs - firstByteMs);
  const share = durationMs === null || durationMs === 0 || wait === null ? 0 : (wait / durationMs) * 100;
  return (
    <section>
      <h2>{words.title}</h2>
      {durationMs !== null && (
        <div
          className="tg-time-track"
          role="img"
          aria-label={words.label(duration(firstByteMs), duration(answer))}
        >
          <div className="tg-time-wait" style={{ width: `${share}%` }} />
          <div className="tg-time-answer" style={{ width: `${100 - share}%` }} />
        </div>
      )}
      <dl className="tg-hold-numbers">
        <div data-mark="wait">
          <dt>{words.wait}</dt>
          <dd>{duration(firstByteMs)}</dd>
        </div>
        {outcome === 'open' ? (
          <div>
            <dt>{words.running}</dt>
            <dd>
              <Elapsed since={at} />
            </dd>
          </div>
        ) : (
          <>
            <div data-mark="answer">
              <dt>{words.answer}</dt>
              <dd>{duration(answer)}</dd>
            </div>
            <div>
              <dt>{words.total}</dt>
              <dd>{duration(durationMs)}</dd>
            </div>
          </>
        )}
      </dl>
      <p className="tg-fine">{words.queue}</p>
    </section>
  );
}
