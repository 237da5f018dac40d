import { ActionIcon, Tooltip } from '@mantine/core';
import { IconBell, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { LimitView } from '../../../proxy/contract/apps.ts';
import type { EngineStatus } from '../../../proxy/contract/engine-status.ts';
import { api } from '../api/client.ts';
import { connection } from '../api/connection.ts';
import { useEngineFact, useEngineStatus } from '../api/queries.ts';
import { useStore } from '../api/store.ts';
import { capOf, SpendBar } from '../components/spend-bar.tsx';
import type { Tone } from '../components/status-badge.tsx';
import { briefMoney, money } from '../format/money.ts';
import { openPalette } from '../palette/open-palette.ts';
import { layoutText } from '../text/layout.ts';
import { PauseControl } from './pause-control.tsx';
import { ThemeToggle } from './theme-toggle.tsx';

/** What must be in view wherever one is: whether it runs, whether the key works, what today has cost. */
export function StatusBar(): ReactNode {
  const key = useEngineFact((status) => status.key.state);
  const isSimulated = useEngineFact(({ simulated }) => simulated);
  const paused = useEngineFact((status) => status.paused) ?? null;
  const open = useEngineFact(({ openAlerts }) => openAlerts) ?? 0;
  const { alerts, palette, status: text } = layoutText;
  return (
    <header className="tg-bar">
      <section className="tg-bar-facts" aria-label={text.label}>
        <EngineFact />
        {key && <KeyFact state={key} />}
        <TodayFact />
        {isSimulated && <span className="tg-dim tg-bar-wide">{text.simulated}</span>}
      </section>
      <div className="tg-bar-actions">
        <PauseControl paused={paused} />
        <Tooltip label={`${palette.button}  ⌘K`}>
          <ActionIcon aria-label={palette.button} onClick={openPalette}>
            <IconSearch size={17} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={alerts.bell(open)}>
          <ActionIcon component={Link} to="/alerts" aria-label={alerts.bell(open)} className="tg-bell">
            <IconBell size={17} stroke={1.7} />
            {open > 0 && (
              <span className="tg-bell-count" aria-hidden="true">
                {open > 99 ? '99' : open}
              </span>
            )}
          </ActionIcon>
        </Tooltip>
        <ThemeToggle />
      </div>
    </header>
  );
}

function EngineFact(): ReactNode {
  const status = useEngineStatus();
  const { state } = useStore(connection);
  const { status: text } = layoutText;
  const [tone, words] = engineState(state, status);
  const inFlight = status?.inFlight ?? 0;
  return (
    <Link to="/settings" className="tg-bar-fact">
      <span className="tg-bar-dot" data-tone={tone} aria-hidden="true" />
      {words}
      {state === 'live' && inFlight > 0 && (
        <span className="tg-dim tg-num tg-bar-wide">{text.inFlight(inFlight)}</span>
      )}
    </Link>
  );
}

function engineState(
  state: 'connecting' | 'live' | 'lost',
  status: EngineStatus | undefined,
): [Tone, string] {
  const { status: text } = layoutText;
  if (state === 'lost') return ['bad', text.lost];
  if (state === 'connecting' || !status) return ['quiet', text.connecting];
  if (!status.ledgerHealthy) return ['bad', text.ledger];
  return status.paused ? ['warn', text.paused] : ['good', text.running];
}

function KeyFact({ state }: { readonly state: EngineStatus['key']['state'] }): ReactNode {
  const tone: Tone = state === 'ready' ? 'good' : 'bad';
  return (
    <Link to="/key" className="tg-bar-fact">
      <span className="tg-bar-dot" data-tone={tone} aria-hidden="true" />
      {layoutText.status.key[state]}
    </Link>
  );
}

/** The day's cap if there is one, else the month's, else what was spent alone. */
function TodayFact(): ReactNode {
  const overview = useQuery(api.usage.overview.queryOptions()).data;
  const limits = useQuery(api.limits.list.queryOptions()).data?.limits ?? [];
  if (!overview) return null;
  const { status: text } = layoutText;
  const cap = shownCap(limits);
  return (
    <Link to="/" className="tg-bar-fact">
      <span className="tg-dim">{text.today}</span>
      <span className="tg-num">{briefMoney(overview.today.costNanoUsd)}</span>
      {cap && (
        <>
          <span className="tg-bar-spend">
            <SpendBar limit={cap} />
          </span>
          <span className="tg-dim tg-num tg-bar-wide">
            {cap.window === 'day'
              ? text.ofDay(money(capOf(cap)))
              : text.ofMonth(briefMoney(cap.settled), money(capOf(cap)))}
          </span>
        </>
      )}
    </Link>
  );
}

function shownCap(limits: readonly LimitView[]): LimitView | undefined {
  const dollars = limits.filter(({ metric, enforce }) => metric === 'usd' && enforce === 'hard');
  return dollars.find(({ window }) => window === 'day') ?? dollars.find(({ window }) => window === 'month');
}
