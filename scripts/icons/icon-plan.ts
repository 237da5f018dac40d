import { TRAY_STATES, type TrayState } from '../../main/tray-state.ts';

/** Which files are made of build/icon.svg. Sizes are in pixels. */

/** The groups of the drawing that are shown; shapes tell the states apart, colours only help. */
const GROUPS: Readonly<Record<TrayState, readonly string[]>> = {
  normal: ['post', 'open'],
  warning: ['post', 'open', 'mark-warning'],
  over: ['post', 'shut', 'mark-over'],
  paused: ['post', 'open', 'mark-paused'],
  offline: ['post', 'open', 'mark-offline'],
};

const TILES: Readonly<Record<TrayState, string>> = {
  normal: '#1c5fb0',
  warning: '#b35900',
  over: '#c92a2a',
  paused: '#495057',
  offline: '#6f7880',
};

/** One picture: part of the drawing, in some colours. */
export interface Picture {
  /** `x y width height` in units of the drawing. */
  readonly viewBox: string;
  /** CSS that shows and colours groups. */
  readonly css: string;
}

export interface IconFile {
  readonly path: string;
  readonly format: 'png' | 'ico' | 'icns';
  readonly picture: Picture;
  readonly sizes: readonly number[];
}

/** With the margin of macOS, and without it. */
const APP_WITH_MARGIN: Picture = { viewBox: '0 0 1024 1024', css: '' };
const APP: Picture = { viewBox: '84 84 856 856', css: '' };

const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];

/** Black on nothing: macOS colours it as the menu bar needs it. */
function template(state: TrayState): Picture {
  // What is off is dim, as macOS shows it.
  const dim = state === 'offline' ? '#post,#open{opacity:.5}' : '';
  return { viewBox: '0 0 16 16', css: `${show(GROUPS[state])}${dim}` };
}

/** On a tile of its own, because nothing says how bright the panel behind it is. */
function tile(state: TrayState): Picture {
  const glyph = '#glyph{transform:translate(1.9px,1.9px) scale(.7625)}';
  const ink = `#tray{color:#fff}#tile{fill:${TILES[state]}}`;
  return { viewBox: '0 0 16 16', css: `${show(['tile', ...GROUPS[state]])}${ink}${glyph}` };
}

function show(groups: readonly string[]): string {
  const shown = groups.map((group) => `#${group}`).join(',');
  return `#app{display:none}#tray{display:inline}${shown}{display:inline}`;
}

function trayFiles(state: TrayState): IconFile[] {
  const base = `main/icons/tray-${state}`;
  const png = (path: string, picture: Picture, size: number): IconFile => ({
    path,
    format: 'png',
    picture,
    sizes: [size],
  });
  return [
    png(`${base}Template.png`, template(state), 16),
    png(`${base}Template@2x.png`, template(state), 32),
    png(`${base}.png`, tile(state), 24),
    png(`${base}@2x.png`, tile(state), 48),
    { path: `${base}.ico`, format: 'ico', picture: tile(state), sizes: [16, 20, 24, 32, 48] },
  ];
}

export const ICON_FILES: readonly IconFile[] = [
  {
    path: 'build/icon.icns',
    format: 'icns',
    picture: APP_WITH_MARGIN,
    sizes: [16, 32, 64, 128, 256, 512, 1024],
  },
  { path: 'build/icon.ico', format: 'ico', picture: APP, sizes: [16, 24, 32, 48, 64, 128, 256] },
  ...LINUX_SIZES.map(
    (size): IconFile => ({
      path: `build/icons/${size}x${size}.png`,
      format: 'png',
      picture: APP,
      sizes: [size],
    }),
  ),
  { path: 'main/icons/app.png', format: 'png', picture: APP, sizes: [256] },
  ...TRAY_STATES.flatMap(trayFiles),
];
