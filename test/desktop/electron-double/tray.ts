import { Emitter, type EventsOf } from './emitter.ts';
import type { Menu } from './menu.ts';
import type { NativeImageDouble } from './native-image.ts';
import { obey, tell } from './wire.ts';

type TrayUsed = Pick<Electron.Tray, 'setToolTip' | 'destroy'>;

/** The icon in the tray: what it shows is told, and its menu can be clicked. */
export class Tray extends Emitter<EventsOf<Electron.Tray, { click: [] }>> implements TrayUsed {
  #menu: Menu | null = null;

  constructor(image: NativeImageDouble) {
    super();
    if (process.env['DOUBLE_NO_TRAY'] === '1') throw new Error('there is no tray here');
    tell('tray-image', image.facts);
    obey('tray.click', () => this.emit('click'));
    obey('tray.menu', () => this.#menu?.entries() ?? []);
    obey('tray.choose', (...labels) => this.#menu?.click(labels.map(String)));
  }

  setImage(image: NativeImageDouble): void {
    tell('tray-image', image.facts);
  }

  setToolTip(toolTip: string): void {
    tell('tray-tooltip', toolTip);
  }

  setContextMenu(menu: Menu | null): void {
    this.#menu = menu;
    tell('tray-menu', menu?.entries() ?? []);
  }

  destroy(): void {
    tell('tray-destroyed', true);
  }
}
