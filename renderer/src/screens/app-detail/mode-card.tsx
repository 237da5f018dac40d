import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { APP_MODES, type AppMode } from '../../../../proxy/contract/app-policy.ts';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { putApp } from '../../api/app-cache.ts';
import { api } from '../../api/client.ts';
import { isUsedUp } from '../../components/app-state.tsx';
import { CallError } from '../../components/call-error.tsx';
import { Choice } from '../../components/choice.tsx';
import { limitWords } from '../../format/limit-words.ts';
import { appSettingsText } from '../../text/app-settings.ts';
import { commonText } from '../../text/common.ts';
import { EnforcedNote } from './backtest-note.tsx';

const { mode: text } = appSettingsText;

/** Enforce or observe: what it means is said before it is done. */
export function ModeCard({ app }: { readonly app: AppView }): ReactNode {
  const queries = useQueryClient();
  const [wanted, setWanted] = useState<AppMode | null>(null);
  const change = useMutation(
    api.apps.change.mutationOptions({
      onSuccess: (changed) => {
        putApp(queries, changed);
        setWanted(null);
      },
    }),
  );
  const now = app.modeWhenResumed;
  const next = wanted ?? now;
  const usedUp = app.limits.filter(isUsedUp).map(limitWords);
  return (
    <section className="tg-card tg-part" aria-labelledby="app-mode">
      <h2 id="app-mode">{text.title}</h2>
      {app.mode === 'paused' && <p className="tg-dim">{text.paused}</p>}
      <Choice
        label={text.title}
        isLabelHidden
        value={next}
        onChange={(mode) => setWanted(mode)}
        options={APP_MODES.map((value) => ({ value, ...text.options[value] }))}
      />
      {next !== now && (
        <div className="tg-mode-change" role="status">
          <p>{next === 'observe' ? text.toObserve : text.toEnforce}</p>
          {next === 'enforce' && usedUp.length > 0 && <p>{text.usedUp(usedUp.join(', '))}</p>}
          {next === 'enforce' && <EnforcedNote app={app} />}
          <CallError error={change.error} />
          <div className="tg-dialog-foot">
            <Button variant="default" onClick={() => setWanted(null)}>
              {commonText.cancel}
            </Button>
            <Button
              color={next === 'observe' ? 'red' : 'toll'}
              loading={change.isPending}
              onClick={() => change.mutate({ app: app.id, mode: next })}
            >
              {text.save[next]}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}
