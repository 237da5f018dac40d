import { Notifications } from '@mantine/notifications';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { CommandPalette } from '../palette/command-palette.tsx';
import { openPalette } from '../palette/open-palette.ts';
import { useShortcuts } from '../palette/shortcuts.ts';
import { rememberedSearch } from '../router/search.ts';
import { layoutText } from '../text/layout.ts';
import { useStoredTheme } from '../theme/use-theme-choice.ts';
import { AlertAnnouncer } from './alert-announcer.tsx';
import { Banners } from './banners.tsx';
import { NavRail } from './nav-rail.tsx';
import { NAV } from './screens.ts';
import { StatusBar } from './status-bar.tsx';
import './layout.css';

const CheatSheet = lazy(() => import('./cheat-sheet.tsx'));

/** Everything around a screen. */
export function AppLayout(): ReactNode {
  const main = useRef<HTMLElement>(null);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const navigate = useNavigate();
  const { pathname } = useRouterState({ select: ({ location }) => location });
  useStoredTheme();
  useShortcuts([
    ...NAV.flat().flatMap(({ screen, to, key }) =>
      key === null
        ? []
        : [
            {
              keys: `g ${key}`,
              label: layoutText.shortcuts.goTo(layoutText.screens[screen]),
              run: () => void navigate({ to, search: rememberedSearch(to) }),
            },
          ],
    ),
    { keys: '/', label: layoutText.shortcuts.filter, run: focusFilter },
    { keys: '?', label: layoutText.shortcuts.help, run: () => setHelpOpen(true) },
  ]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      openPalette();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  return (
    <div className="tg-app">
      <button type="button" className="tg-skip" onClick={() => main.current?.focus()}>
        {layoutText.skip}
      </button>
      <NavRail />
      <StatusBar />
      <main className="tg-main" id="content" ref={main} tabIndex={-1}>
        <Banners />
        <div className="tg-page" key={pathname.split('/')[1]}>
          <Outlet />
        </div>
      </main>
      <AlertAnnouncer />
      <Notifications position="bottom-right" limit={3} containerWidth={380} />
      <CommandPalette />
      {isHelpOpen && (
        <Suspense>
          <CheatSheet onClose={() => setHelpOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** A screen marks its filter with `data-filter`. */
function focusFilter(): void {
  document.querySelector<HTMLElement>('[data-filter]')?.focus();
}
