import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AppView, NewLimit } from '../../../../proxy/contract/apps.ts';
import type { Backtest } from '../../../../proxy/contract/backtest.ts';
import { api } from '../../api/client.ts';
import { useZone } from '../../api/queries.ts';
import { CallError } from '../../components/call-error.tsx';
import { limitKeyOf } from '../../components/limit-draft.ts';
import { count } from '../../format/count.ts';
import { amountOf } from '../../format/limit-words.ts';
import { shortTime } from '../../format/time.ts';
import { appLimitsText } from '../../text/app-limits.ts';

const { backtest: text } = appLimitsText;
const DEBOUNCE_MS = 300;
const DAYS = 30;

export interface BacktestNoteProps {
  readonly app: AppView;
  /** The limit that is typed in; null while it is no limit yet. */
  readonly limit: NewLimit | null;
  /** The other limits of the app, as they will be beside it. */
  readonly others: readonly NewLimit[];
}

/** What a limit would have done to the calls of the last days, while it is typed in. */
export function BacktestNote({ app, limit, others }: BacktestNoteProps): ReactNode {
  const wanted = JSON.stringify(limit === null ? [] : [limit, ...others]);
  const [settled] = useDebouncedValue(wanted, DEBOUNCE_MS);
  const limits: NewLimit[] = JSON.parse(settled);
  const query = useQuery(
    api.limits.backtest.queryOptions({
      input: { app: app.id, limits, days: DAYS },
      enabled: limits.length > 0,
      placeholderData: keepPreviousData,
    }),
  );
  const isBehind = settled !== wanted || query.isFetching;
  return (
    <section
      className="tg-backtest"
      aria-label={text.label}
      aria-busy={isBehind}
      data-busy={isBehind || undefined}
    >
      {limit === null ? (
        <p className="tg-dim">{text.waiting}</p>
      ) : query.isError ? (
        <CallError error={query.error} />
      ) : query.data ? (
        <Answer backtest={query.data} />
      ) : (
        <p className="tg-dim">{text.running}</p>
      )}
    </section>
  );
}

function Answer({ backtest }: { readonly backtest: Backtest }): ReactNode {
  const { zone } = useZone();
  const [own] = backtest.limits;
  if (!own) return null;
  if (backtest.calls === 0) return <p className="tg-dim">{text.noCalls}</p>;
  const isHard = own.enforce === 'hard';
  const hasOthers = backtest.limits.some((other) => other !== own && other.enforce === 'hard');
  const first = own.firstReachedAt === null ? '.' : text.first(shortTime(own.firstReachedAt, zone));
  return (
    <>
      <p className="tg-backtest-answer" data-refuses={(isHard && own.refused > 0) || undefined}>
        {headline(backtest, own)}
      </p>
      <p>
        {own.windowsReached > 0 &&
          `${text.reached[own.window](count(own.windowsReached), count(own.windows))}${first} `}
        {text.most[own.window](amountOf(own.metric, own.most))}
      </p>
      {isHard && hasOthers && backtest.refused !== own.refused && (
        <p>{text.together(backtest.refused, count(backtest.refused))}</p>
      )}
      <p className="tg-dim">{backtest.exact ? text.exact : text.estimated}</p>
    </>
  );
}

/** The one sentence: how many, of how many, and whether that is known or about right. */
function headline({ calls, exact }: Backtest, { refused, enforce }: Backtest['limits'][number]): string {
  const words =
    enforce === 'hard'
      ? { none: text.none, some: text.some, about: text.about }
      : { none: text.warnNone, some: text.warnSome, about: text.warnAbout };
  if (refused === 0) return words.none(calls, count(calls));
  return (exact ? words.some : words.about)(refused, count(refused), count(calls));
}

/** What the limits that an observed app has would have refused, had they been enforced. */
export function EnforcedNote({ app }: { readonly app: AppView }): ReactNode {
  const limits = app.limits
    .filter(({ enforce }) => enforce === 'hard')
    .map((limit) => ({ ...limitKeyOf(limit), amount: limit.amount }));
  const query = useQuery(
    api.limits.backtest.queryOptions({
      input: { app: app.id, limits, days: DAYS },
      enabled: limits.length > 0,
    }),
  );
  if (!query.data || query.data.calls === 0) return null;
  const { refused, exact } = query.data;
  return (
    <div className="tg-backtest">
      <p>{text.observing(refused, count(refused))}</p>
      <p className="tg-dim">{exact ? text.exact : text.estimated}</p>
    </div>
  );
}
