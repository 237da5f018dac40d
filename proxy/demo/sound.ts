/*
 * Sound without codecs: a quiet 440 Hz tone as PCM (24 kHz, 16 bit, mono), the same as WAV, and MP3 made
 * of silent frames, which every player accepts.
 */
export const PCM_BYTES_PER_SECOND = 48_000;
const SAMPLE_RATE = 24_000;

/** MPEG-1 layer III, 128 kbit/s, 44.1 kHz, mono: 417 bytes and 1,152 samples, all of them zero. */
const MP3_FRAME = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0xc4]), Buffer.alloc(413)]);
const MP3_FRAMES_PER_SECOND = 44_100 / 1152;

let second: Buffer | null = null;

export function pcmTone(bytes: number): Buffer {
  second ??= oneSecond();
  return Buffer.alloc(bytes - (bytes % 2), second);
}

export function wavOf(pcm: Buffer): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + pcm.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(PCM_BYTES_PER_SECOND, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(pcm.length, 40);
  return Buffer.concat([header, pcm]);
}

export function mp3Silence(seconds: number): Buffer {
  const frames = Math.max(1, Math.ceil(seconds * MP3_FRAMES_PER_SECOND));
  return Buffer.alloc(frames * MP3_FRAME.length, MP3_FRAME);
}

function oneSecond(): Buffer {
  const pcm = Buffer.alloc(PCM_BYTES_PER_SECOND);
  for (let sample = 0; sample < SAMPLE_RATE; sample++) {
    pcm.writeInt16LE(Math.round(2000 * Math.sin((2 * Math.PI * 440 * sample) / SAMPLE_RATE)), sample * 2);
  }
  return pcm;
}
