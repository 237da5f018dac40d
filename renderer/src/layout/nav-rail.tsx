import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { rememberedSearch } from '../router/search.ts';
import { commonText } from '../text/common.ts';
import { layoutText } from '../text/layout.ts';
import { NAV } from './screens.ts';

/** Where one can go; on narrow windows the icons alone, named by their titles. */
export function NavRail(): ReactNode {
  return (
    <nav className="tg-rail" aria-label={layoutText.nav}>
      <Link to="/" className="tg-rail-mark" aria-label={commonText.product}>
        <img src="/favicon.svg" width={24} height={24} alt="" />
        <span>{commonText.product}</span>
      </Link>
      {NAV.map((group) => (
        <ul key={group[0]?.screen} className="tg-rail-group">
          {group.map(({ screen, to, icon: Icon }) => (
            <li key={screen}>
              <Link
                to={to}
                search={rememberedSearch(to)}
                activeOptions={{ exact: to === '/', includeSearch: false }}
                className="tg-rail-link"
                title={layoutText.screens[screen]}
              >
                <Icon size={17} stroke={1.7} aria-hidden="true" />
                <span>{layoutText.screens[screen]}</span>
              </Link>
            </li>
          ))}
        </ul>
      ))}
    </nav>
  );
}
