import { type ReactNode, useEffect, useState } from 'react';
import { duration } from '../../format/time.ts';

const STEP_MS = 1_000;

/** How long something has been going on, second by second. */
export function Elapsed({ since }: { readonly since: string }): ReactNode {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), STEP_MS);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(since)) / 1_000));
  return <span className="tg-num tg-dim">{duration(seconds * 1_000)}</span>;
}
