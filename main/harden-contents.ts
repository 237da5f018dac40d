import { app, shell, type WebContents } from 'electron';
import { knownLink } from '../proxy/contract/links.ts';
import { PAGE_ORIGIN } from './identity.ts';

/** A page that asks for more browser windows than a person clicks for is not heard. */
const MIN_BETWEEN_LINKS_MS = 500;

/** Locks every web contents the app ever has, whoever makes it. To be called once. */
export function hardenAllContents(): void {
  app.on('web-contents-created', (_event, contents) => hardenContents(contents));
}

function hardenContents(contents: WebContents): void {
  const stayHome = (details: { readonly url: string; preventDefault(): void }): void => {
    if (!isOwnPage(details.url)) details.preventDefault();
  };
  contents.on('will-navigate', stayHome);
  contents.on('will-redirect', stayHome);
  contents.on('will-frame-navigate', stayHome);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  const openLink = createLinkOpener();
  contents.setWindowOpenHandler(({ url }) => {
    openLink(url);
    return { action: 'deny' };
  });
}

export function isOwnPage(url: string): boolean {
  // The origin of a scheme that Node does not know is "null", so the parts are compared.
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return `${protocol}//${host}` === PAGE_ORIGIN && username === '' && password === '';
}

/** Links to the few known addresses open in the browser of the user; nothing else opens anything. */
function createLinkOpener(): (url: string) => void {
  let openedAtMs = Number.NEGATIVE_INFINITY;
  return (url) => {
    const link = knownLink(url);
    const nowMs = performance.now();
    if (link === null || nowMs - openedAtMs < MIN_BETWEEN_LINKS_MS) return;
    openedAtMs = nowMs;
    void shell.openExternal(link);
  };
}
