import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { useZone } from '../../api/queries.ts';
import { stateOf } from '../../components/app-state.tsx';
import { useNow } from '../../format/now.ts';
import { nearTime } from '../../format/time.ts';
import { appDetailText } from '../../text/app-detail.ts';

const { notices: text } = appDetailText;

export interface AppNoticeProps {
  readonly app: AppView;
  /** Leads to where the mode is changed. */
  onMode(): void;
}

/** What the state of the app means for its next request. */
export function AppNotice({ app, onMode }: AppNoticeProps): ReactNode {
  const { zone } = useZone();
  const nowMs = useNow();
  const state = stateOf(app);
  if (state === 'enforce') return null;
  const words = {
    paused: text.paused(nearTime(app.pausedAt ?? app.createdAt, zone, nowMs)),
    observe: text.observe,
    over: text.over,
  }[state];
  return (
    <div className="tg-app-notice" data-state={state}>
      <span>{words}</span>
      {state === 'observe' && (
        <Button variant="default" onClick={onMode}>
          {text.observeNext}
        </Button>
      )}
    </div>
  );
}
