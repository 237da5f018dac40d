import { pictureSize } from './picture-size.ts';

/*
 * Tokens of a picture in the input, by OpenAI's published rules. Models that see tiles: the picture is
 * fitted into 2048 × 2048, its shorter side to 768 (512 for image models), and costs a base plus a fee for
 * each 512-pixel tile; `detail: low` costs the base alone. Smaller models see patches of 32 pixels, at most 1,536 of them, times
 * a factor. A picture behind a URL is never fetched and counts as 1024 × 1024.
 */
interface Tiles {
  readonly shortSide: number;
  readonly base: number;
  readonly tile: number;
}

const PATCH_PX = 32;
const MAX_PATCHES = 1536;
/** Holds the header of any picture, even behind a large embedded profile. */
const MAX_HEADER_BYTES = 150_000;
const UNKNOWN_SIZE = { width: 1024, height: 1024 };

export function pictureTokens(model: string, url: string, detail: string | null): number {
  const size = sizeOf(url);
  const factorPermille = patchFactorPermille(model);
  if (factorPermille !== null) return patchTokens(size.width, size.height, factorPermille);
  const { base, tile, shortSide } = tilesOf(model);
  return detail === 'low' ? base : base + tile * tileCount(size.width, size.height, shortSide);
}

/** A picture as the address that a request without a file would have carried. */
export function pictureUrl(bytes: Buffer): string {
  return `data:;base64,${bytes.subarray(0, MAX_HEADER_BYTES).toString('base64')}`;
}

function sizeOf(url: string): { width: number; height: number } {
  const data = /^data:[^,]*;base64,/.exec(url);
  if (!data) return UNKNOWN_SIZE;
  const start = data[0].length;
  const length = (MAX_HEADER_BYTES / 3) * 4;
  return pictureSize(Buffer.from(url.slice(start, start + length), 'base64')) ?? UNKNOWN_SIZE;
}

function patchFactorPermille(model: string): number | null {
  if (/gpt-4o-mini/.test(model)) return null;
  if (/image/.test(model)) return null;
  if (/^o4-mini/.test(model)) return 1720;
  if (/nano/.test(model)) return 2460;
  if (/mini|luna/.test(model)) return 1620;
  return null;
}

function tilesOf(model: string): Tiles {
  if (/image/.test(model)) return { shortSide: 512, base: 65, tile: 129 };
  if (/gpt-4o-mini/.test(model)) return { shortSide: 768, base: 2833, tile: 5667 };
  if (/^o\d/.test(model)) return { shortSide: 768, base: 75, tile: 150 };
  if (/^gpt-[5-9]/.test(model)) return { shortSide: 768, base: 70, tile: 140 };
  return { shortSide: 768, base: 85, tile: 170 };
}

function patchTokens(width: number, height: number, factorPermille: number): number {
  const patches = Math.ceil(width / PATCH_PX) * Math.ceil(height / PATCH_PX);
  return Math.ceil((Math.min(patches, MAX_PATCHES) * factorPermille) / 1000);
}

function tileCount(width: number, height: number, shortSide: number): number {
  const fit = Math.min(1, 2048 / Math.max(width, height));
  const shrink = Math.min(1, shortSide / (Math.min(width, height) * fit));
  const scale = fit * shrink;
  return Math.ceil((width * scale) / 512) * Math.ceil((height * scale) / 512);
}
