import fc from 'fast-check';

/** Places to cut a byte stream at; {@link cutAt} brings them into its length. */
export const anyCuts = fc.array(fc.nat(5_000), { maxLength: 16 });

/** The same bytes in pieces, each a copy in memory of its own, as a socket would hand them out. */
export function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...places, bytes.length].map((place, index) =>
    Buffer.from(bytes.subarray(places[index - 1] ?? 0, place)),
  );
}

/** One byte a piece: the finest cut there is. */
export function singleBytes(bytes: Buffer): Buffer[] {
  return [...bytes].map((byte) => Buffer.from([byte]));
}
