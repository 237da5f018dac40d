import { ActionIcon, Menu } from '@mantine/core';
import { IconCheck, IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { layoutText } from '../text/layout.ts';
import { type ThemeChoice, useThemeChoice } from '../theme/use-theme-choice.ts';

const CHOICES = [
  ['auto', IconDeviceDesktop],
  ['light', IconSun],
  ['dark', IconMoon],
] as const satisfies readonly (readonly [ThemeChoice, unknown])[];

export function ThemeToggle(): ReactNode {
  const [choice, choose] = useThemeChoice();
  const { theme } = layoutText;
  const Icon = CHOICES.find(([name]) => name === choice)?.[1] ?? IconDeviceDesktop;
  return (
    <Menu width={170}>
      <Menu.Target>
        <ActionIcon aria-label={theme.label}>
          <Icon size={17} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {CHOICES.map(([name, ChoiceIcon]) => (
          <Menu.Item
            key={name}
            leftSection={<ChoiceIcon size={15} />}
            rightSection={name === choice ? <IconCheck size={14} /> : undefined}
            onClick={() => choose(name)}
          >
            {theme[name]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
