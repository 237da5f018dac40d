/** Types of an Apple icon that hold a PNG, by the size in pixels; the doubled ones are for fine screens. */
const TYPES: Readonly<Record<number, readonly string[]>> = {
  16: ['icp4'],
  32: ['icp5', 'ic11'],
  64: ['icp6', 'ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
};

/** An Apple icon: a magic word and the length of all, then each picture behind its type and length. */
export function writeIcns(pngs: ReadonlyMap<number, Buffer>): Buffer {
  const chunks = [...pngs].flatMap(([size, png]) =>
    (TYPES[size] ?? []).map((type) => Buffer.concat([Buffer.from(type, 'latin1'), lengthOf(png), png])),
  );
  const body = Buffer.concat(chunks);
  return Buffer.concat([Buffer.from('icns', 'latin1'), lengthOf(body), body]);
}

/** Counts the type and the length itself. */
function lengthOf(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length + 8);
  return length;
}
