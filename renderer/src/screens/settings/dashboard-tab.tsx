import { SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Settings } from '../../../../proxy/contract/settings.ts';
import { useZone } from '../../api/queries.ts';
import { Section } from '../../components/section.tsx';
import { useNow } from '../../format/now.ts';
import { exactTime } from '../../format/time.ts';
import { settingsText } from '../../text/settings.ts';
import { useThemeChoice } from '../../theme/use-theme-choice.ts';
import { SettingRow } from './setting-row.tsx';
import { useSettingsChange } from './use-settings-change.ts';

const { dashboard: text } = settingsText;
const THEMES = ['auto', 'light', 'dark'] as const satisfies readonly Settings['dashboard']['theme'][];
const TIMES = ['local', 'utc'] as const satisfies readonly Settings['dashboard']['time'][];

/** How this page looks. Each choice holds at once. */
export function DashboardTab({ settings }: { readonly settings: Settings }): ReactNode {
  const [theme, choose] = useThemeChoice();
  const [change] = useSettingsChange();
  const { zone } = useZone();
  const now = new Date(useNow()).toISOString();
  return (
    <Section title={text.title} lead={text.lead}>
      <SettingRow name={text.theme}>
        <SegmentedControl
          aria-label={text.theme}
          value={theme}
          data={THEMES.map((value) => ({ value, label: text.themes[value] }))}
          onChange={(value) => choose(THEMES.find((name) => name === value) ?? 'auto')}
        />
      </SettingRow>
      <SettingRow name={text.time} hint={text.timeHint(exactTime(now, zone))}>
        <SegmentedControl
          aria-label={text.time}
          value={settings.dashboard.time}
          data={TIMES.map((value) => ({ value, label: text.times[value] }))}
          onChange={(value) => change({ dashboard: { time: value === 'utc' ? 'utc' : 'local' } })}
        />
      </SettingRow>
    </Section>
  );
}
