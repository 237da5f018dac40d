import { Button, Select, TextInput, type TextInputProps } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, type ReactNode, useState } from 'react';
import { DEFAULT_DASHBOARD_PORT, DEFAULT_PORT } from '../../../../proxy/contract/defaults.ts';
import type { Settings } from '../../../../proxy/contract/settings.ts';
import { useShellState } from '../../api/shell.ts';
import { Note } from '../../components/note.tsx';
import { Section } from '../../components/section.tsx';
import { settingsText } from '../../text/settings.ts';
import { draftOf, type EngineDraft, problemsOf, settingsOf } from './engine-draft.ts';
import { SettingRow } from './setting-row.tsx';
import { useSettingsChange } from './use-settings-change.ts';

const { engine: text, save, saved, undo } = settingsText;
const QUEUE_SECONDS = 10;
const ZONES = Intl.supportedValuesOf('timeZone');

export interface EngineTabProps {
  readonly settings: Settings & { readonly restartNeeded: boolean };
}

/** How the engine starts. Saved as a whole, because it takes a restart anyway. */
export function EngineTab({ settings }: EngineTabProps): ReactNode {
  const stored = draftOf(settings.engine);
  const [draft, setDraft] = useState<EngineDraft>(stored);
  const [change, isSaving] = useSettingsChange(() => notifications.show({ color: 'green', message: saved }));
  const problems = problemsOf(draft);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(stored);
  const edit = (patch: Partial<EngineDraft>): void => setDraft({ ...draft, ...patch });
  /** A number as it is typed; empty for the default. */
  const field = (name: 'port' | 'dashboardPort' | 'queueSeconds'): TextInputProps => ({
    inputMode: name === 'queueSeconds' ? 'decimal' : 'numeric',
    value: draft[name],
    error: problems[name],
    onChange: ({ currentTarget }) => edit({ [name]: currentTarget.value.trim() }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isChanged && Object.keys(problems).length === 0) change({ engine: settingsOf(draft) });
  };
  return (
    <>
      {settings.restartNeeded && <RestartNote />}
      <form onSubmit={submit}>
        <Section title={text.title} lead={text.lead}>
          <SettingRow name={text.port} hint={text.portHint(DEFAULT_PORT)}>
            <TextInput aria-label={text.port} placeholder={String(DEFAULT_PORT)} {...field('port')} />
          </SettingRow>
          <SettingRow name={text.dashboardPort} hint={text.dashboardPortHint(DEFAULT_DASHBOARD_PORT)}>
            <TextInput
              aria-label={text.dashboardPort}
              placeholder={String(DEFAULT_DASHBOARD_PORT)}
              {...field('dashboardPort')}
            />
          </SettingRow>
          <SettingRow name={text.zone} hint={text.zoneHint}>
            <Select
              aria-label={text.zone}
              placeholder={text.zoneSystem}
              nothingFoundMessage={text.zoneNone}
              data={ZONES}
              value={draft.zone}
              searchable
              clearable
              limit={60}
              onChange={(zone) => edit({ zone })}
            />
          </SettingRow>
          <SettingRow name={text.queue} hint={text.queueHint(QUEUE_SECONDS)}>
            <TextInput
              aria-label={text.queue}
              placeholder={String(QUEUE_SECONDS)}
              {...field('queueSeconds')}
            />
          </SettingRow>
          <div className="tg-settings-save">
            {isChanged && (
              <Button variant="default" onClick={() => setDraft(stored)}>
                {undo}
              </Button>
            )}
            <Button
              type="submit"
              loading={isSaving}
              disabled={!isChanged || Object.keys(problems).length > 0}
            >
              {save}
            </Button>
          </div>
        </Section>
      </form>
    </>
  );
}

function RestartNote(): ReactNode {
  const shellState = useShellState();
  const { restart } = text;
  const isOurs = shellState !== null && !shellState.engine.attached;
  return (
    <div className="tg-settings-note">
      <Note tone="warn" role="status" title={restart.title}>
        {shellState === null ? restart.browser : isOurs ? restart.desktop : restart.attached}
      </Note>
    </div>
  );
}
