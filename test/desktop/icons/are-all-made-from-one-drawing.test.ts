import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { TRAY_STATES } from '../../../main/tray-state.ts';
import { ICON_FILES } from '../../../scripts/icons/icon-plan.ts';
import { loadRenderer, renderIcon } from '../../../scripts/icons/render-icon.ts';

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
}
interface PngReader {
  readonly PNG: { readonly sync: { read(bytes: Buffer): Picture } };
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): Buffer => readFileSync(`${root}${path}`);
// pngjs comes with png-to-ico and has no types of its own.
const { PNG }: PngReader = createRequire(createRequire(import.meta.url).resolve('png-to-ico'))('pngjs');
const pixels = (path: string): Picture => PNG.sync.read(read(path));

beforeAll(loadRenderer);

test.each(ICON_FILES)('$path is what the drawing makes', async (file) => {
  expect(read(file.path).equals(await renderIcon(read('build/icon.svg').toString(), file))).toBe(true);
});

describe('the tray icons', () => {
  test.each(TRAY_STATES)(
    '%s: a template is black and nothing else, at 16 points and twice as fine',
    (state) => {
      const small = pixels(`main/icons/tray-${state}Template.png`);
      const fine = pixels(`main/icons/tray-${state}Template@2x.png`);
      expect([small.width, small.height, fine.width]).toEqual([16, 16, 32]);
      for (let at = 0; at < small.data.length; at += 4) {
        if (small.data[at + 3] !== 0) expect([...small.data.subarray(at, at + 3)]).toEqual([0, 0, 0]);
      }
    },
  );

  test('shapes tell the states apart, without any colour', () => {
    const alpha = TRAY_STATES.map((state) => {
      const { data } = pixels(`main/icons/tray-${state}Template.png`);
      return Buffer.from(data.filter((_value, at) => at % 4 === 3)).toString('hex');
    });
    expect(new Set(alpha).size).toBe(TRAY_STATES.length);
  });

  test.each(TRAY_STATES)('%s: on its tile the ink stands out on any panel', (state) => {
    const { data, width } = pixels(`main/icons/tray-${state}@2x.png`);
    const lights: number[] = [];
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] === 255) lights.push(luminance(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0));
    }
    // The tile covers nearly everything, and white on it has the contrast of WCAG for graphics.
    expect(lights.length).toBeGreaterThan(width * width * 0.9);
    const tile = [...lights].sort((a, b) => a - b)[Math.floor(lights.length / 4)] ?? 1;
    expect((1 + 0.05) / (tile + 0.05)).toBeGreaterThan(3);
  });
});

describe('the icons of the app', () => {
  test('Windows gets every size in one file, macOS up to 1024', () => {
    const ico = read('build/icon.ico');
    const sizes = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => ico[6 + index * 16] || 256);
    expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256]);

    const icns = read('build/icon.icns');
    expect([icns.toString('latin1', 0, 4), icns.readUInt32BE(4)]).toEqual(['icns', icns.length]);
    const types: string[] = [];
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
      types.push(icns.toString('latin1', at, at + 4));
      expect(icns.toString('latin1', at + 9, at + 12)).toBe('PNG');
    }
    expect(types).toContain('ic10');
  });
});

/** As WCAG defines it. */
function luminance(...rgb: readonly [number, number, number]): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
