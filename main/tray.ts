import { Menu, type NativeImage, nativeImage, Tray } from 'electron';
import { APP_NAME } from './identity.ts';
import { plainText } from './plain-text.ts';
import { trayIconPath } from './tray-icon.ts';
import { type TrayActions, type TrayView, trayMenu } from './tray-menu.ts';
import type { TrayState } from './tray-state.ts';
import { headline, trayStateOf } from './tray-text.ts';

/** Windows shows no more of a tooltip. */
const MAX_TOOLTIP = 120;
/** Numbers change with every request; a menu that is open must not flicker. */
const MIN_UPDATE_MS = 500;

/** The icon in the tray or menu bar, its tooltip and its menu. */
export class TrayIcon {
  readonly #tray: Tray;
  readonly #iconsDir: string;
  readonly #actions: TrayActions;
  #shown = '';
  #state: TrayState = 'offline';
  #next: TrayView | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(iconsDir: string, actions: TrayActions) {
    this.#iconsDir = iconsDir;
    this.#actions = actions;
    this.#tray = new Tray(this.#image('offline'));
    this.#tray.setToolTip(APP_NAME);
    // On macOS and most Linux desktops a click opens the menu; where it does not, it opens the window.
    if (process.platform === 'win32') this.#tray.on('click', () => actions.open(null));
  }

  /** Shows a view soon; of many in a row the last one. */
  show(view: TrayView): void {
    this.#next = view;
    if (this.#timer) return;
    this.#render();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#render();
    }, MIN_UPDATE_MS);
  }

  destroy(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#tray.destroy();
  }

  #render(): void {
    const view = this.#next;
    this.#next = null;
    if (!view) return;
    const state = trayStateOf(view.situation, view.model);
    if (state !== this.#state) this.#tray.setImage(this.#image(state));
    this.#state = state;
    const template = trayMenu(view, this.#actions);
    // Linux takes a changed menu only as a whole; an equal one would close the menu that is open.
    const shown = JSON.stringify(template);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#tray.setToolTip(plainText(`${APP_NAME}: ${headline(view.situation, view.model)}`, MAX_TOOLTIP));
    this.#tray.setContextMenu(Menu.buildFromTemplate(template));
  }

  #image(state: TrayState): NativeImage {
    const image = nativeImage.createFromPath(trayIconPath(this.#iconsDir, state, process.platform));
    if (process.platform === 'darwin') image.setTemplateImage(true);
    return image;
  }
}
