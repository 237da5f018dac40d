import { Button, Tooltip } from '@mantine/core';
import { IconPencil, IconTrendingUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { AppView, LimitView } from '../../../../proxy/contract/apps.ts';
import type { Forecast } from '../../../../proxy/contract/usage.ts';
import { useZone } from '../../api/queries.ts';
import { SpendBar } from '../../components/spend-bar.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { limitWords } from '../../format/limit-words.ts';
import { useNow } from '../../format/now.ts';
import { exactTime, nearTime, relativeTime } from '../../format/time.ts';
import { appLimitsText as text } from '../../text/app-limits.ts';
import { forecastWords } from '../overview/forecast-words.ts';
import { RaiseNote } from './raise-note.tsx';

export interface LimitRowProps {
  readonly app: AppView;
  readonly limit: LimitView;
  /** Undefined until it was read; its numbers are older than those of the limit. */
  readonly forecast: Forecast | undefined;
  onChange(): void;
  onRaise(): void;
}

export function LimitRow({ app, limit, forecast, onChange, onRaise }: LimitRowProps): ReactNode {
  const { zone } = useZone();
  const nowMs = useNow();
  const name = limitWords(limit);
  const percents = limit.thresholds.join(', ');
  return (
    <li className="tg-limit-row">
      <div className="tg-limit-name">
        <b>{name}</b>
        <span className="tg-dim">
          {text.rule(
            limit.enforce === 'hard' ? text.hard : text.warn,
            percents === '' ? text.alertsNever : text.alertsAt(percents),
          )}
        </span>
      </div>
      <div className="tg-limit-standing">
        <SpendBar limit={limit} withNumbers />
        {limit.raise && <RaiseNote app={app} limit={limit} raise={limit.raise} />}
      </div>
      <div className="tg-limit-forecast">
        <ForecastBadge app={app} limit={limit} forecast={forecast} />
        <span className="tg-dim">
          {limit.resetsAt === null ? (
            text.never
          ) : (
            <Tooltip label={exactTime(limit.resetsAt, zone)}>
              <span>
                {text.resets(nearTime(limit.resetsAt, zone, nowMs), relativeTime(limit.resetsAt, nowMs))}
              </span>
            </Tooltip>
          )}
        </span>
      </div>
      <div className="tg-limit-actions">
        <Button
          variant="default"
          leftSection={<IconTrendingUp size={14} />}
          aria-label={text.raiseOf(name)}
          onClick={onRaise}
        >
          {text.raise}
        </Button>
        <Button
          variant="default"
          leftSection={<IconPencil size={14} />}
          aria-label={text.changeOf(name)}
          onClick={onChange}
        >
          {text.change}
        </Button>
      </div>
    </li>
  );
}

function ForecastBadge({
  app,
  limit,
  forecast,
}: Pick<LimitRowProps, 'app' | 'limit' | 'forecast'>): ReactNode {
  const { zone } = useZone();
  const nowMs = useNow();
  if (!forecast) return null;
  const placed = { ...forecast.limit, ...limit };
  const { tone, words, range } = forecastWords({ ...forecast, limit: placed }, zone, nowMs);
  return (
    <Tooltip label={range} disabled={range === null}>
      <span>
        <StatusBadge tone={app.mode === 'paused' ? 'quiet' : tone}>{words}</StatusBadge>
      </span>
    </Tooltip>
  );
}
