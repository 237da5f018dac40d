import type { ShellState } from '../proxy/contract/shell.ts';
import type { Autostart } from './autostart.ts';
import type { EngineSituation } from './engine-host.ts';
import type { UpdateState } from './updater.ts';

export interface ShellFacts {
  readonly situation: EngineSituation;
  readonly restarts: number;
  readonly autostart: Autostart;
  readonly hasTray: boolean | null;
  readonly updates: UpdateState;
}

/** What the page is told of the app and its engine. */
export function shellState({ situation, restarts, autostart, hasTray, updates }: ShellFacts): ShellState {
  const problem = 'problem' in situation ? situation.problem : null;
  const retryAtMs = situation.state === 'restarting' ? situation.retryAtMs : null;
  return {
    engine: {
      state: situation.state,
      attached: situation.state === 'running' && situation.attached,
      problem,
      retryAt: retryAtMs === null ? null : new Date(retryAtMs).toISOString(),
      restarts,
    },
    autostart: {
      enabled: autostart.isOn(),
      unsupported: autostart.unsupported,
      hint: autostart.hint(),
    },
    tray: { available: hasTray },
    updates,
  };
}
