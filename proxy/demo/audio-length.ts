/*
 * Length of a recording in seconds. WAV is read exactly from its header. Every other format is taken at a
 * fixed number of bytes a second (there is no decoder here): FLAC 64,000; Ogg, Opus and WebM 4,000;
 * everything else (MP3, M4A, AAC) 16,000, which is 128 kbit/s.
 */
export function audioSeconds(bytes: Buffer, fileName: string): number {
  return wavSeconds(bytes) ?? bytes.length / bytesPerSecond(fileName);
}

function bytesPerSecond(fileName: string): number {
  if (/\.flac$/i.test(fileName)) return 64_000;
  if (/\.(ogg|oga|opus|webm)$/i.test(fileName)) return 4_000;
  return 16_000;
}

function wavSeconds(bytes: Buffer): number | null {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'RIFF') return null;
  let byteRate = 0;
  let at = 12;
  while (at + 8 <= bytes.length) {
    const id = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const start = at + 8;
    if (id === 'fmt ' && start + 12 <= bytes.length) byteRate = bytes.readUInt32LE(start + 8);
    if (id === 'data') {
      // A recorder that was cut off leaves the size at 0 or 0xffffffff: what is there counts.
      const there = bytes.length - start;
      const length = size === 0 || size > there ? there : size;
      return byteRate > 0 ? length / byteRate : null;
    }
    at = start + size + (size % 2);
  }
  return null;
}
