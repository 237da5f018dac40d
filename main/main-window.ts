import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { Logger } from '../proxy/client.ts';
import { PAGE_ORIGIN } from './identity.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { windowOptions } from './window-options.ts';
import { FIRST_STATE, fitToScreens, type WindowState, windowStateSchema } from './window-state.ts';

export interface MainWindowDeps {
  readonly statePath: string;
  readonly iconPath: string;
  readonly isPackaged: boolean;
  readonly logger: Pick<Logger, 'error' | 'warn'>;
  /** Whether closing hides the window, and the app goes on. */
  hidesOnClose(): boolean;
  /** After the window was hidden by closing it. */
  onHidden(): void;
}

/** A page that cannot be shown is tried again so often, and then left alone. */
const MAX_RELOADS = 3;
const RELOADS_WITHIN_MS = 60_000;
const SHOW_LATEST_MS = 5_000;

/** The one window. It is made when it is first needed, and again when it was closed for good. */
export class MainWindow {
  readonly #deps: MainWindowDeps;
  #window: BrowserWindow | null = null;
  #isQuitting = false;
  #isDrawn = false;
  #reloadsAtMs: number[] = [];

  constructor(deps: MainWindowDeps) {
    this.#deps = deps;
  }

  /** Brings the window to the front, at a screen of the page or where it is. */
  show(path: string | null = null): void {
    const window = this.#window ?? this.#create(path ?? '/');
    if (this.#window && path !== null) this.#load(window, path);
    this.#window = window;
    if (window.isMinimized()) window.restore();
    if (this.#isDrawn) {
      window.show();
      window.focus();
    }
  }

  get isVisible(): boolean {
    return this.#window?.isVisible() ?? false;
  }

  /** From now on closing closes. */
  prepareToQuit(): void {
    this.#isQuitting = true;
  }

  #create(path: string): BrowserWindow {
    const state = this.#restoredState();
    const { iconPath, isPackaged } = this.#deps;
    const window = new BrowserWindow(
      windowOptions({ state, isPackaged, iconPath, isDark: nativeTheme.shouldUseDarkColors }),
    );
    if (state.isMaximized) window.maximize();
    this.#isDrawn = false;
    const present = (): void => {
      clearTimeout(late);
      if (this.#isDrawn || window.isDestroyed()) return;
      this.#isDrawn = true;
      window.show();
    };
    // A page that never gets drawn must not leave the user without a window.
    const late = setTimeout(present, SHOW_LATEST_MS);
    window.once('ready-to-show', present);
    window.on('close', (event) => {
      this.#keepState(window);
      if (this.#isQuitting || !this.#deps.hidesOnClose()) return;
      event.preventDefault();
      window.hide();
      this.#deps.onHidden();
    });
    window.on('closed', () => {
      this.#window = null;
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => this.#revive(window, reason));
    this.#load(window, path);
    return window;
  }

  #load(window: BrowserWindow, path: string): void {
    window.loadURL(`${PAGE_ORIGIN}${path}`).catch((error: unknown) => {
      // Another page was asked for before this one was there.
      if (!isAborted(error)) this.#deps.logger.error({ err: error }, 'the page could not be loaded');
    });
  }

  /** A page that crashed is loaded again; one that keeps crashing is not. The engine does not notice. */
  #revive(window: BrowserWindow, reason: string): void {
    if (reason === 'clean-exit' || this.#isQuitting) return;
    this.#deps.logger.warn({ reason }, 'the process of the page has ended');
    const nowMs = performance.now();
    this.#reloadsAtMs = this.#reloadsAtMs.filter((atMs) => nowMs - atMs < RELOADS_WITHIN_MS);
    if (this.#reloadsAtMs.length >= MAX_RELOADS) return;
    this.#reloadsAtMs.push(nowMs);
    window.webContents.reload();
  }

  #restoredState(): WindowState {
    const kept = readJsonFile(this.#deps.statePath, windowStateSchema) ?? FIRST_STATE;
    return fitToScreens(
      kept,
      screen.getAllDisplays().map(({ workArea }) => workArea),
    );
  }

  #keepState(window: BrowserWindow): void {
    const { x, y, width, height } = window.getNormalBounds();
    const state: WindowState = { x, y, width, height, isMaximized: window.isMaximized() };
    try {
      writeJsonFile(this.#deps.statePath, windowStateSchema.parse(state));
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'the place of the window was not kept');
    }
  }
}

function isAborted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_ABORTED';
}
