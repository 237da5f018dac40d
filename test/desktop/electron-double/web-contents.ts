import { CancelableEvent } from './cancelable-event.ts';
import { Emitter, type EventsOf } from './emitter.ts';
import { obey, tell } from './wire.ts';

type ContentsUsed = Pick<Electron.WebContents, 'setWindowOpenHandler' | 'reload'>;
type OpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];

type Navigation = Electron.Event<{ url: string; isMainFrame: boolean }>;
type ContentsEvents = EventsOf<
  Electron.WebContents,
  {
    'will-navigate': [details: Navigation];
    'will-redirect': [details: Navigation];
    'will-frame-navigate': [details: Navigation];
    'will-attach-webview': [event: Electron.Event];
    'render-process-gone': [event: Electron.Event, details: Electron.RenderProcessGoneDetails];
  }
>;
const NAVIGATIONS = ['will-navigate', 'will-redirect', 'will-frame-navigate'] as const;

/** The page of a window, as far as the app listens to it. */
export class WebContentsDouble extends Emitter<ContentsEvents> implements ContentsUsed {
  #onOpen: OpenHandler | null = null;

  constructor() {
    super();
    obey('contents.navigate', (kind, url) => {
      const event = Object.assign(new CancelableEvent(), { url: String(url), isMainFrame: true });
      const name = NAVIGATIONS.find((known) => known === kind);
      if (name) this.emit(name, event);
      return event.defaultPrevented ? 'prevented' : 'allowed';
    });
    obey('contents.open', (url) => {
      const asked = { url: String(url), frameName: '', features: '', disposition: 'foreground-tab' } as const;
      return this.#onOpen?.({ ...asked, referrer: { url: '', policy: 'default' } }) ?? { action: 'allow' };
    });
    obey('contents.webview', () => {
      const event = new CancelableEvent();
      this.emit('will-attach-webview', event);
      return event.defaultPrevented ? 'prevented' : 'allowed';
    });
    obey('contents.crash', () => {
      this.emit('render-process-gone', new CancelableEvent(), { reason: 'crashed', exitCode: 1 });
    });
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#onOpen = handler;
  }

  reload(): void {
    tell('reload', true);
  }
}
