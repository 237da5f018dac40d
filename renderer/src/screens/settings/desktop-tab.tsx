import { Button, Switch } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Settings } from '../../../../proxy/contract/settings.ts';
import type { ShellState } from '../../../../proxy/contract/shell.ts';
import type { ShellClient } from '../../api/client.ts';
import { useShellState } from '../../api/shell.ts';
import { showError } from '../../api/show-error.ts';
import { Note } from '../../components/note.tsx';
import { Section } from '../../components/section.tsx';
import { settingsText } from '../../text/settings.ts';
import { SettingRow } from './setting-row.tsx';
import { shellAbout } from './shell-about.ts';
import { UpdateRows } from './update-rows.tsx';
import { useSettingsChange } from './use-settings-change.ts';

const { desktop: text } = settingsText;

export interface DesktopTabProps {
  readonly shell: ShellClient;
  readonly settings: Settings['desktop'];
}

/** What only the desktop app can do. */
export function DesktopTab({ shell, settings }: DesktopTabProps): ReactNode {
  const state = useShellState();
  const isMac = useQuery(shellAbout(shell)).data?.platform === 'darwin';
  const [change, isSaving] = useSettingsChange();
  const [said, setSaid] = useState<string | null>(null);
  const notify = useMutation({
    mutationFn: () => shell.testNotification(),
    onSuccess: ({ shown }) => setSaid(shown ? text.notificationShown : text.notificationNone),
    onError: showError,
  });
  const openLogs = useMutation({
    mutationFn: () => shell.openLogs(),
    onSuccess: ({ opened }) => setSaid(opened ? null : text.logsFailed),
    onError: showError,
  });
  const toggle = (name: 'autostart' | 'closeToTray' | 'dockIcon', label: string): ReactNode => (
    <Switch
      aria-label={label}
      checked={settings[name]}
      disabled={isSaving || (name === 'autostart' && (state?.autostart.unsupported ?? null) !== null)}
      onChange={({ currentTarget }) => change({ desktop: { [name]: currentTarget.checked } })}
    />
  );
  return (
    <>
      <Section title={text.title}>
        <SettingRow name={text.autostart} hint={autostartHint(state)}>
          {toggle('autostart', text.autostart)}
        </SettingRow>
        <SettingRow
          name={text.tray}
          hint={state?.tray.available === false ? text.trayMissing : text.trayHint}
        >
          {toggle('closeToTray', text.tray)}
        </SettingRow>
        {isMac && (
          <SettingRow name={text.dock} hint={text.dockHint}>
            {toggle('dockIcon', text.dock)}
          </SettingRow>
        )}
        <SettingRow name={text.notification} hint={text.notificationHint}>
          <Button variant="default" loading={notify.isPending} onClick={() => notify.mutate()}>
            {text.notificationTest}
          </Button>
        </SettingRow>
        <SettingRow name={text.logs}>
          <Button variant="default" loading={openLogs.isPending} onClick={() => openLogs.mutate()}>
            {text.logsOpen}
          </Button>
        </SettingRow>
        {state && (
          <SettingRow
            name={text.engine}
            hint={state.engine.restarts > 0 ? text.restarts(state.engine.restarts) : undefined}
          >
            <span className="tg-dim">{state.engine.attached ? text.attached : text.own}</span>
          </SettingRow>
        )}
        {said !== null && (
          <Note tone="accent" role="status">
            {said}
          </Note>
        )}
      </Section>
      <Section title={text.updates}>
        <UpdateRows shell={shell} mode={settings.updates} updates={state?.updates ?? null} />
      </Section>
    </>
  );
}

/** What the system is going to do may differ from what is set, and then it is the system that counts. */
function autostartHint(state: ShellState | null): string {
  if (state === null) return text.autostartHint;
  const { enabled, unsupported, hint } = state.autostart;
  return unsupported ?? hint ?? (enabled ? text.autostartOn : `${text.autostartHint} ${text.autostartOff}`);
}
