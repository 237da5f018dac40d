import { APP_ID_PATTERN, appScreen, SCREENS, type Screen } from '../proxy/contract/screens.ts';
import { DEEP_LINK_SCHEME } from './identity.ts';

/**
 * The screen that a `tollgate://` link leads to, or null. Any web page and any program can open such a
 * link, so it says nothing but which of our screens to show: no query, no fragment, nothing that acts.
 */
export function parseDeepLink(text: string): string | null {
  if (text.length > 100 || !URL.canParse(text)) return null;
  const url = new URL(text);
  const hasMore = [url.search, url.hash, url.username, url.password, url.port].some((part) => part !== '');
  if (url.protocol !== `${DEEP_LINK_SCHEME}:` || hasMore) return null;
  const path = url.pathname === '/' ? '' : url.pathname;
  if (url.host === 'app') {
    const id = path.slice(1);
    return APP_ID_PATTERN.test(id) ? appScreen(id) : null;
  }
  return path === '' && isScreen(url.host) ? SCREENS[url.host] : null;
}

/** The link among the arguments of a start, as Windows and Linux hand it over. */
export function deepLinkIn(argv: readonly string[]): string | null {
  const link = argv.find((argument) => argument.toLowerCase().startsWith(`${DEEP_LINK_SCHEME}:`));
  return link === undefined ? null : parseDeepLink(link);
}

function isScreen(name: string): name is Screen {
  return Object.hasOwn(SCREENS, name);
}
