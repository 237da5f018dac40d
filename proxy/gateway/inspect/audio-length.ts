/**
 * The length of an uploaded clip in seconds, or null when its format does not tell without decoding.
 * WAV files of plain samples say it in their header, and decoders go by the same header. The length of
 * anything compressed is taken from the container by a library, which is loaded at the first such upload.
 */
export async function audioSeconds(content: Buffer, mediaType: string): Promise<number | null> {
  if (isWav(content)) return wavSeconds(content);
  const { parseBuffer } = await import('music-metadata');
  try {
    const { format } = await parseBuffer(content, mediaType ? { mimeType: mediaType } : {}, {
      duration: true,
    });
    const { duration } = format;
    return duration !== undefined && Number.isFinite(duration) && duration > 0 ? duration : null;
  } catch {
    // Not a container the library knows: the caller falls back to a bound by size.
    return null;
  }
}

function isWav(content: Buffer): boolean {
  return content.toString('latin1', 0, 4) === 'RIFF' && content.toString('latin1', 8, 12) === 'WAVE';
}

/** Sample by sample (integers, floats, A-law, µ-law); of anything else a block holds more than its size says. */
const PLAIN_SAMPLES = new Set([1, 3, 6, 7]);
/** The format is named further down, in the first field of a GUID. */
const EXTENSIBLE = 0xfffe;

/**
 * RIFF/WAVE: bytes of sound over bytes in a second. The size that the `data` chunk gives is not
 * believed: all that follows counts as sound. Nor is what the header says of a block or a second, where
 * the samples need less, and of two headers the slower counts. So one that lies makes a clip longer only.
 */
function wavSeconds(content: Buffer): number | null {
  let bytesPerSecond = Number.POSITIVE_INFINITY;
  let pos = 12;
  while (pos + 8 <= content.length) {
    const id = content.toString('latin1', pos, pos + 4);
    const size = content.readUInt32LE(pos + 4);
    if (id === 'fmt ') bytesPerSecond = Math.min(bytesPerSecond, speedOf(content.subarray(pos + 8)));
    if (id === 'data') {
      const seconds = (content.length - pos - 8) / bytesPerSecond;
      return Number.isFinite(bytesPerSecond) && bytesPerSecond > 0 ? seconds : null;
    }
    pos += 8 + size + (size % 2);
  }
  return null;
}

/** Bytes of sound in a second by a `fmt ` chunk; 0 where it does not tell. */
function speedOf(header: Buffer): number {
  if (header.length < 16) return 0;
  const format = header.readUInt16LE(0);
  const named = format === EXTENSIBLE && header.length >= 26 ? header.readUInt16LE(24) : format;
  if (!PLAIN_SAMPLES.has(named)) return 0;
  const channels = header.readUInt16LE(2);
  const samplesPerSecond = header.readUInt32LE(4);
  const blockBytes = header.readUInt16LE(12);
  const sampleBytes = Math.ceil(header.readUInt16LE(14) / 8);
  return Math.min(header.readUInt32LE(8), samplesPerSecond * Math.min(blockBytes, channels * sampleBytes));
}
