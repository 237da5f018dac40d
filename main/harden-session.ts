import type { Session } from 'electron';
import { isOwnPage } from './harden-contents.ts';

/** Electron grants everything unless told otherwise. The page copies snippets; it gets nothing else. */
const GRANTED = new Set<string>(['clipboard-sanitized-write']);

/** Locks a session: permissions, devices, downloads, and every address but the page's own. */
export function hardenSession(session: Session, isPackaged: boolean): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    answer(GRANTED.has(permission) && details.isMainFrame && isOwnPage(details.requestingUrl));
  });
  session.setPermissionCheckHandler((_contents, permission, origin, details) => {
    return GRANTED.has(permission) && details.isMainFrame && isOwnPage(origin);
  });
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer(null));
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }));
  // It would fetch dictionaries.
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isAllowed(url, isPackaged) }));
  // The page makes files of its own, such as an export; it fetches none.
  session.on('will-download', (event, item) => {
    if (!isOwnBlob(item.getURL())) event.preventDefault();
  });
}

function isAllowed(url: string, isPackaged: boolean): boolean {
  if (isOwnPage(url) || isOwnBlob(url) || url.startsWith('data:')) return true;
  // Developer tools exist in a clone only.
  return !isPackaged && url.startsWith('devtools:');
}

function isOwnBlob(url: string): boolean {
  return url.startsWith('blob:') && isOwnPage(url.slice('blob:'.length));
}
