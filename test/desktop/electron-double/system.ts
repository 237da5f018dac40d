import { Emitter, type EventsOf } from './emitter.ts';
import { obey, tell } from './wire.ts';

/** Small parts of the system around the app. */
export const clipboard: Pick<Electron.Clipboard, 'writeText'> = {
  async writeText(text) {
    tell('clipboard', text);
  },
};

export const shell: Pick<Electron.Shell, 'openExternal' | 'openPath'> = {
  async openExternal(url) {
    tell('open-external', url);
  },
  async openPath(path) {
    tell('open-path', path);
    return '';
  },
};

export const dialog: Pick<Electron.Dialog, 'showErrorBox'> = {
  showErrorBox: (title, content) => tell('error-box', { title, content }),
};

export const nativeTheme: Pick<Electron.NativeTheme, 'shouldUseDarkColors'> = {
  shouldUseDarkColors: process.env['DOUBLE_DARK'] === '1',
};

/** One screen, as large as the test says. */
const area = { x: 0, y: 0, width: 1600, height: 1000 };
export const screen = {
  getAllDisplays: (): Pick<Electron.Display, 'workArea'>[] => [{ workArea: area }],
};

export const powerMonitor = new Emitter<EventsOf<Electron.PowerMonitor, { shutdown: [] }>>();
obey('system.shutdown', () => {
  powerMonitor.emit('shutdown');
});

export const protocol: Pick<Electron.Protocol, 'registerSchemesAsPrivileged'> = {
  registerSchemesAsPrivileged: (schemes) => tell('schemes', schemes),
};
