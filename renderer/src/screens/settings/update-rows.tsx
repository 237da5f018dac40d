import { Button, SegmentedControl } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Settings } from '../../../../proxy/contract/settings.ts';
import type { ShellState } from '../../../../proxy/contract/shell.ts';
import type { ShellClient } from '../../api/client.ts';
import { showError } from '../../api/show-error.ts';
import { settingsText } from '../../text/settings.ts';
import { SettingRow } from './setting-row.tsx';
import { useSettingsChange } from './use-settings-change.ts';

const { desktop: text } = settingsText;
const MODES = ['auto', 'notify', 'manual'] as const satisfies readonly Settings['desktop']['updates'][];
type Updates = ShellState['updates'];

export interface UpdateRowsProps {
  readonly shell: ShellClient;
  readonly mode: Settings['desktop']['updates'];
  /** Null until the shell has told. */
  readonly updates: Updates | null;
}

/** How updates come, what is known of one, and the next step towards it. */
export function UpdateRows({ shell, mode, updates }: UpdateRowsProps): ReactNode {
  const [change] = useSettingsChange();
  return (
    <>
      <SettingRow name={text.updatesHow}>
        <SegmentedControl
          aria-label={text.updates}
          value={mode}
          data={MODES.map((value) => ({ value, label: text.modes[value] }))}
          onChange={(value) =>
            change({ desktop: { updates: MODES.find((name) => name === value) ?? 'notify' } })
          }
        />
      </SettingRow>
      {updates && (
        <SettingRow name={stateWords(updates)} hint={updates.detail ?? undefined}>
          <UpdateStep shell={shell} updates={updates} />
        </SettingRow>
      )}
    </>
  );
}

function stateWords({ state, version, percent }: Updates): string {
  const { states } = text;
  const name = version ?? states.unknownVersion;
  switch (state) {
    case 'available':
      return states.available(name);
    case 'downloading':
      return states.downloading(percent === null ? '…' : `${Math.round(percent)} %`);
    case 'ready':
      return states.ready(name);
    default:
      return states[state];
  }
}

function UpdateStep({
  shell,
  updates,
}: Pick<UpdateRowsProps, 'shell'> & { readonly updates: Updates }): ReactNode {
  const { state } = updates;
  // How it goes on comes with the shell's state.
  const check = useMutation({ mutationFn: () => shell.checkForUpdates(), onError: showError });
  const download = useMutation({ mutationFn: () => shell.downloadUpdate(), onError: showError });
  const install = useMutation({ mutationFn: () => shell.installUpdate(), onError: showError });
  if (state === 'available') {
    return (
      <Button loading={download.isPending} onClick={() => download.mutate()}>
        {text.download}
      </Button>
    );
  }
  if (state === 'ready') {
    return (
      <Button loading={install.isPending} onClick={() => install.mutate()}>
        {text.install}
      </Button>
    );
  }
  return (
    <Button
      variant="default"
      disabled={state === 'off' || state === 'downloading'}
      loading={check.isPending || state === 'checking'}
      onClick={() => check.mutate()}
    >
      {text.check}
    </Button>
  );
}
