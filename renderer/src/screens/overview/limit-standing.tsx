import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { appScreen } from '../../../../proxy/contract/screens.ts';
import type { Forecast } from '../../../../proxy/contract/usage.ts';
import { useEngineFact, useZone } from '../../api/queries.ts';
import { AppPauseButton, PauseSwitch } from '../../components/app-pause-button.tsx';
import { SpendBar } from '../../components/spend-bar.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { amountOf, limitWords } from '../../format/limit-words.ts';
import { useNow } from '../../format/now.ts';
import { relativeTime, shortTime } from '../../format/time.ts';
import { usePauseAll } from '../../layout/pause-control.tsx';
import { overviewText as text } from '../../text/overview.ts';
import { pauseText } from '../../text/pause.ts';
import { forecastWords } from './forecast-words.ts';

export interface LimitStandingProps {
  readonly forecast: Forecast;
  /** Undefined for a limit of the whole key, or of an app that was removed since. */
  readonly app: AppView | undefined;
}

export const LimitStanding = memo(function LimitStanding(props: LimitStandingProps): ReactNode {
  const { forecast, app } = props;
  const { limit } = forecast;
  const { zone } = useZone();
  const nowMs = useNow();
  const { tone, words, range } = forecastWords(forecast, zone, nowMs);
  const { limits } = text;
  const notes = [
    limit.resetsAt === null ? limits.never : limits.resets(relativeTime(limit.resetsAt, nowMs)),
    limit.enforce === 'warn' ? limits.warnOnly : null,
    limit.raise &&
      limits.raised(amountOf(limit.metric, limit.raise.amount), shortTime(limit.raise.until, zone)),
  ].filter((note) => note !== null);
  return (
    <li className="tg-standing">
      <div className="tg-standing-name">
        {limit.appId === null ? (
          <span>{limits.everything}</span>
        ) : (
          <Link to={appScreen(limit.appId)}>{limit.app}</Link>
        )}
        <span className="tg-dim">{[limitWords(limit), ...notes].join(' · ')}</span>
      </div>
      <SpendBar limit={limit} withNumbers />
      <div className="tg-standing-forecast">
        <Tooltip label={range} disabled={range === null}>
          <span>
            <StatusBadge tone={app?.mode === 'paused' ? 'quiet' : tone}>
              {app?.mode === 'paused' ? text.forecast.paused : words}
            </StatusBadge>
          </span>
        </Tooltip>
      </div>
      {app ? <AppPauseButton app={app} /> : limit.appId === null ? <EverythingSwitch /> : <span />}
    </li>
  );
});

function EverythingSwitch(): ReactNode {
  const isPaused = useEngineFact(({ paused }) => paused !== null) ?? false;
  const { pauseAll, resumeAll, isPending } = usePauseAll();
  return (
    <PauseSwitch
      isPaused={isPaused}
      isPending={isPending}
      label={isPaused ? pauseText.resumeAll : pauseText.pauseAll}
      onPress={() => (isPaused ? resumeAll() : pauseAll(null))}
    />
  );
}
