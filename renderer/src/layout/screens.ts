import {
  IconAdjustmentsHorizontal,
  IconApps,
  IconBell,
  IconKey,
  IconLayoutDashboard,
  IconListDetails,
  IconPlugConnected,
  IconRoute,
  IconShieldCheck,
  type TablerIcon,
} from '@tabler/icons-react';
import type { SCREENS, Screen } from '../../../proxy/contract/screens.ts';

export interface NavEntry {
  readonly screen: Screen;
  readonly to: (typeof SCREENS)[Screen];
  readonly icon: TablerIcon;
  /** After `g`; null for screens that are seldom gone to. */
  readonly key: string | null;
}

/** The rail in order: what is looked at daily, then what is set up once. */
export const NAV: readonly (readonly NavEntry[])[] = [
  [
    { screen: 'overview', to: '/', icon: IconLayoutDashboard, key: 'o' },
    { screen: 'apps', to: '/apps', icon: IconApps, key: 'a' },
    { screen: 'requests', to: '/requests', icon: IconListDetails, key: 'r' },
    { screen: 'alerts', to: '/alerts', icon: IconBell, key: 'l' },
  ],
  [
    { screen: 'connect', to: '/connect', icon: IconPlugConnected, key: 'c' },
    { screen: 'coverage', to: '/coverage', icon: IconRoute, key: 'v' },
    { screen: 'security', to: '/security', icon: IconShieldCheck, key: 's' },
    { screen: 'key', to: '/key', icon: IconKey, key: 'k' },
  ],
  [{ screen: 'settings', to: '/settings', icon: IconAdjustmentsHorizontal, key: ',' }],
];
