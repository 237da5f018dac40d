import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconGauge } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import type { Forecast } from '../../../../proxy/contract/usage.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { capOf } from '../../components/spend-bar.tsx';
import { overviewText as text } from '../../text/overview.ts';
import { LimitStanding } from './limit-standing.tsx';

const SHOWN = 6;

export interface LimitStandingsProps {
  readonly forecasts: readonly Forecast[];
  readonly apps: readonly AppView[];
}

/** Every limit, the fullest first, each with the switch that stops what fills it. */
export function LimitStandings({ forecasts, apps }: LimitStandingsProps): ReactNode {
  const [isWhole, { toggle }] = useDisclosure(false);
  const sorted = useMemo(() => [...forecasts].sort((a, b) => fullness(b) - fullness(a)), [forecasts]);
  const { limits } = text;
  if (sorted.length === 0) {
    return (
      <section className="tg-card" aria-label={limits.title}>
        <EmptyState
          icon={<IconGauge size={22} stroke={1.6} />}
          title={limits.none}
          what={limits.noneWhat}
          next={
            <Button component={Link} to="/apps">
              {limits.noneNext}
            </Button>
          }
        />
      </section>
    );
  }
  const shown = isWhole ? sorted : sorted.slice(0, SHOWN);
  const hidden = sorted.length - SHOWN;
  return (
    <section className="tg-card tg-standings" aria-label={limits.title}>
      <header className="tg-section-head">
        <h2>{limits.title}</h2>
        <span className="tg-dim">{limits.lead}</span>
      </header>
      <ul>
        {shown.map((forecast) => (
          <LimitStanding
            key={forecast.limit.id}
            forecast={forecast}
            app={apps.find(({ id }) => id === forecast.limit.appId)}
          />
        ))}
      </ul>
      {hidden > 0 && (
        <Button variant="subtle" size="compact-xs" onClick={toggle} aria-expanded={isWhole}>
          {isWhole ? limits.fewer : limits.more(hidden)}
        </Button>
      )}
    </section>
  );
}

/** The part that is used or held; what nobody has a cap for comes last. */
function fullness({ limit }: Forecast): number {
  const cap = capOf(limit);
  return cap <= 0 ? 1 : (limit.settled + limit.held) / cap;
}
