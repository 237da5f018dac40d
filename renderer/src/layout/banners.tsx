import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { shell } from '../api/client.ts';
import { connection } from '../api/connection.ts';
import { retryNow } from '../api/live-events.ts';
import { useEngineFact, useZone } from '../api/queries.ts';
import { useShellState } from '../api/shell.ts';
import { useStore } from '../api/store.ts';
import { shortTime } from '../format/time.ts';
import { layoutText } from '../text/layout.ts';

/** What changes how everything below is to be read. */
export function Banners(): ReactNode {
  return (
    <>
      <LostBanner />
      <PausedBanner />
    </>
  );
}

function PausedBanner(): ReactNode {
  const paused = useEngineFact(({ paused: now }) => now);
  const { zone } = useZone();
  const { pause } = layoutText;
  if (!paused) return null;
  return (
    <div className="tg-banner" role="status">
      {paused.until === null ? pause.bannerOpen : pause.bannerUntil(shortTime(paused.until, zone))}
    </div>
  );
}

function LostBanner(): ReactNode {
  const state = useStore(connection);
  const shellState = useShellState();
  const { lost } = layoutText;
  if (state.state !== 'lost') return null;
  const problem = shellState?.engine.problem;
  const restart = (): void => {
    // How it went comes with the shell's state.
    if (shell) void shell.restartEngine().catch(() => undefined);
    retryNow();
  };
  return (
    <div className="tg-banner" data-tone="bad" role="status">
      <b>{problem?.message ?? lost.title}</b>
      <span>{problem?.hint ?? (shell ? lost.desktop : lost.browser)}</span>
      <RetryCountdown key={state.retryAt} retryAt={state.retryAt} />
      <Button className="tg-banner-action" variant="default" onClick={shell ? restart : retryNow}>
        {shell ? lost.restart : lost.retry}
      </Button>
    </div>
  );
}

function RetryCountdown({ retryAt }: { readonly retryAt: number }): ReactNode {
  const [seconds, setSeconds] = useState(() => secondsUntil(retryAt));
  useEffect(() => {
    const timer = setInterval(() => setSeconds(secondsUntil(retryAt)), 500);
    return () => clearInterval(timer);
  }, [retryAt]);
  return (
    <span className="tg-num" aria-hidden="true">
      {seconds > 0 ? layoutText.lost.retryIn(seconds) : layoutText.lost.trying}
    </span>
  );
}

function secondsUntil(atMs: number): number {
  return Math.max(0, Math.ceil((atMs - Date.now()) / 1_000));
}
