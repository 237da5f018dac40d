import { crc32, deflateSync } from 'node:zlib';

/*
 * Pictures: a real PNG of 64 × 64 pixels whatever size was asked for, and the output tokens of the size
 * and quality that were, by OpenAI's table for GPT image models.
 */
const SIDE_PX = 64;

/** Low, medium and high quality; `xhigh` and `max` cost one and a half times and twice as much as `high`. */
const OUTPUT_TOKENS: Readonly<Record<string, readonly [number, number, number]>> = {
  '1024x1024': [272, 1056, 4160],
  '1024x1536': [408, 1584, 6240],
  '1536x1024': [400, 1568, 6208],
};

export function pictureOutputTokens(size: string, quality: string): number {
  const [low, medium, high] = OUTPUT_TOKENS[size] ?? [272, 1056, 4160];
  switch (quality) {
    case 'low':
      return low;
    case 'high':
      return high;
    case 'xhigh':
      return high * 1.5;
    case 'max':
      return high * 2;
    default:
      return medium;
  }
}

export function picturePng(seed: number): Buffer {
  const rows: Buffer[] = [];
  for (let y = 0; y < SIDE_PX; y++) {
    // Each row starts with its filter type, 0: no filter.
    const row = Buffer.alloc(1 + SIDE_PX * 3);
    for (let x = 0; x < SIDE_PX; x++) {
      row[1 + x * 3] = (x * 4 + seed) % 256;
      row[2 + x * 3] = (y * 4 + (seed >>> 8)) % 256;
      row[3 + x * 3] = seed % 256;
    }
    rows.push(row);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE_PX, 0);
  header.writeUInt32BE(SIDE_PX, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8 + named.length);
  frame.writeUInt32BE(data.length, 0);
  named.copy(frame, 4);
  frame.writeUInt32BE(crc32(named), 4 + named.length);
  return frame;
}
