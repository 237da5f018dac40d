/**
 * The length of an uploaded clip in seconds, or null when its format does not tell without decoding.
 * WAV files say it in their header, and decoders go by the same header. The length of anything
 * compressed is taken from the container by a library, which is loaded at the first such upload.
 */
export async function audioSeconds(content: Buffer, mediaType: string): Promise<number | null> {
  const wav = wavSeconds(content);
  if (wav !== null) return wav;
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

/**
 * RIFF/WAVE: bytes of sound over sample rate times block size. The size that the `data` chunk gives is
 * not believed: all that follows counts as sound, so a header that lies makes the clip longer only.
 */
function wavSeconds(content: Buffer): number | null {
  if (content.length < 44 || content.toString('latin1', 0, 4) !== 'RIFF') return null;
  if (content.toString('latin1', 8, 12) !== 'WAVE') return null;
  let bytesPerSecond = 0;
  let pos = 12;
  while (pos + 8 <= content.length) {
    const id = content.toString('latin1', pos, pos + 4);
    const size = content.readUInt32LE(pos + 4);
    if (id === 'fmt ' && pos + 24 <= content.length) {
      bytesPerSecond = content.readUInt32LE(pos + 12) * content.readUInt16LE(pos + 20);
    }
    if (id === 'data') return bytesPerSecond > 0 ? (content.length - pos - 8) / bytesPerSecond : null;
    pos += 8 + size + (size % 2);
  }
  return null;
}
