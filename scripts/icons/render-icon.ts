import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import toIco from 'png-to-ico';
import type { IconFile, Picture } from './icon-plan.ts';
import { writeIcns } from './write-icns.ts';

/** Loads the renderer, which draws the same pixels on every platform. To be called once, first. */
export async function loadRenderer(): Promise<void> {
  const path = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm');
  await initWasm(readFileSync(path));
}

/** The bytes of one icon file. */
export async function renderIcon(drawing: string, file: IconFile): Promise<Buffer> {
  const svg = compose(drawing, file.picture);
  const pngs = new Map(file.sizes.map((size) => [size, renderPng(svg, size)]));
  switch (file.format) {
    case 'icns':
      return writeIcns(pngs);
    case 'ico':
      return toIco([...pngs.values()]);
    case 'png':
      return Buffer.concat([...pngs.values()]);
  }
}

/** The drawing, seen through the picture's view box and with its style. */
export function compose(drawing: string, { viewBox, css }: Picture): string {
  return drawing
    .replace(/viewBox="[^"]*"/, `viewBox="${viewBox}"`)
    .replace(/<defs>/, `<style>${css}</style><defs>`);
}

function renderPng(svg: string, size: number): Buffer {
  const resvg = new Resvg(svg, { fitTo: { mode: 'width', value: size } });
  const image = resvg.render();
  const png = Buffer.from(image.asPng());
  image.free();
  resvg.free();
  return png;
}
