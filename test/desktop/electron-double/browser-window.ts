import { app } from './app.ts';
import { CancelableEvent } from './cancelable-event.ts';
import { Emitter, type EventsOf } from './emitter.ts';
import { openWindows } from './open-windows.ts';
import { WebContentsDouble } from './web-contents.ts';
import { obey, tell } from './wire.ts';

type WindowUsed = Pick<
  Electron.BrowserWindow,
  | 'show'
  | 'hide'
  | 'focus'
  | 'close'
  | 'restore'
  | 'maximize'
  | 'isMinimized'
  | 'isMaximized'
  | 'isVisible'
  | 'isDestroyed'
  | 'getNormalBounds'
> & {
  loadURL(url: string): Promise<void>;
  readonly webContents: WebContentsDouble;
};

type WindowEvents = EventsOf<
  Electron.BrowserWindow,
  { close: [event: Electron.Event]; closed: []; 'ready-to-show': [] }
>;

let current: BrowserWindow | null = null;
const hasPage = process.env['DOUBLE_PAGE'] === '1';

/** A window whose page is a real browser of the test's, or nobody's. */
export class BrowserWindow extends Emitter<WindowEvents> implements WindowUsed {
  readonly webContents = new WebContentsDouble();
  #isVisible: boolean;
  #isMaximized = false;
  #isMinimized = false;
  #isDestroyed = false;
  #bounds: Electron.Rectangle;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    current = this;
    openWindows.add(this);
    const { x = 50, y = 50, width = 800, height = 600, show = true } = options;
    this.#bounds = { x, y, width, height };
    this.#isVisible = show;
    tell('window-created', options);
    app.emit('web-contents-created', new CancelableEvent(), this.webContents);
  }

  /** Resolves when the browser of the test has the page, or at once without one. */
  loadURL(url: string): Promise<void> {
    tell('load', url);
    if (!hasPage) {
      setImmediate(() => this.emit('ready-to-show'));
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      obey('page.loaded', () => {
        this.emit('ready-to-show');
        resolve();
      });
    });
  }

  show(): void {
    this.#isVisible = true;
    tell('window', 'shown');
  }

  hide(): void {
    this.#isVisible = false;
    tell('window', 'hidden');
  }

  focus(): void {
    tell('window', 'focused');
  }

  close(): void {
    const event = new CancelableEvent();
    this.emit('close', event);
    if (event.defaultPrevented) return;
    this.#isDestroyed = true;
    this.#isVisible = false;
    openWindows.delete(this);
    if (current === this) current = null;
    tell('window', 'closed');
    this.emit('closed');
    if (openWindows.size === 0) app.emit('window-all-closed');
  }

  restore(): void {
    this.#isMinimized = false;
  }

  maximize(): void {
    this.#isMaximized = true;
  }

  isMinimized(): boolean {
    return this.#isMinimized;
  }

  isMaximized(): boolean {
    return this.#isMaximized;
  }

  isVisible(): boolean {
    return this.#isVisible;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  getNormalBounds(): Electron.Rectangle {
    return this.#bounds;
  }

  /** As somebody drags and pulls it. */
  place(bounds: Electron.Rectangle): void {
    this.#bounds = bounds;
  }
}

obey('window.close', () => current?.close());
obey('window.visible', () => current?.isVisible() ?? false);
obey('window.place', (x, y, width, height) =>
  current?.place({ x: Number(x), y: Number(y), width: Number(width), height: Number(height) }),
);
