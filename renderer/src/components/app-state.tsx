import type { ReactNode } from 'react';
import type { AppView, LimitView } from '../../../proxy/contract/apps.ts';
import { appStateText } from '../text/app-state.ts';
import { capOf } from './spend-bar.tsx';
import { StatusBadge, type Tone } from './status-badge.tsx';

export const APP_STATES = ['enforce', 'observe', 'over', 'paused'] as const;
/** `over`: it enforces, and a hard limit of its own has nothing free. */
export type AppState = (typeof APP_STATES)[number];

export function isUsedUp({ enforce, free }: LimitView): boolean {
  return enforce === 'hard' && free <= 0;
}

export function stateOf(app: AppView): AppState {
  if (app.mode === 'enforce' && app.limits.some(isUsedUp)) return 'over';
  return app.mode;
}

/** How much of a limit is used, 0 to 1 and beyond. */
export function usedShare(limit: LimitView): number {
  const cap = capOf(limit);
  return cap <= 0 ? 1 : (limit.settled + limit.held) / cap;
}

/** The limit that will stop it first; one that only warns counts where none is hard. */
export function tightestLimit(limits: readonly LimitView[]): LimitView | null {
  const hard = limits.filter(({ enforce }) => enforce === 'hard');
  const [first = null, ...others] = hard.length > 0 ? hard : limits;
  return others.reduce((most, limit) => (most && usedShare(limit) <= usedShare(most) ? most : limit), first);
}

const TONES: Readonly<Record<AppState, Tone>> = {
  enforce: 'good',
  observe: 'accent',
  over: 'bad',
  paused: 'warn',
};

export function AppStateBadge({ app }: { readonly app: AppView }): ReactNode {
  const state = stateOf(app);
  return <StatusBadge tone={TONES[state]}>{appStateText.states[state]}</StatusBadge>;
}
