/** What happened in the sound that a client sent; positions are in bytes since the session began. */
export type SpeechEvent =
  | { readonly kind: 'started'; readonly atBytes: number }
  /** `bytes` is the whole turn, silence included. */
  | { readonly kind: 'ended'; readonly atBytes: number; readonly bytes: number };

/** Counts what a client sent and did not commit yet. The sound itself is nowhere needed. */
export interface AudioBuffer {
  readonly bytes: number;
  /** Adds sound; with `detectsTurns`, finds turns in it and takes them out. */
  append(sound: Buffer, perSecond: number, detectsTurns: boolean): readonly SpeechEvent[];
  /** Empties it, and gives what was there. */
  take(): number;
}

/**
 * Without a model of speech, sound is what is not zero, and a turn ends with a whole second of zero bytes
 * after sound, in one piece or in several.
 */
export function createAudioBuffer(): AudioBuffer {
  let bytes = 0;
  let before = 0;
  let hasSound = false;
  let zeros = 0;
  const take = (): number => {
    const taken = bytes;
    bytes = 0;
    hasSound = false;
    zeros = 0;
    return taken;
  };
  return {
    get bytes() {
      return bytes;
    },
    append: (sound, perSecond, detectsTurns) => {
      const events: SpeechEvent[] = [];
      let from = 0;
      for (let at = 0; detectsTurns && at < sound.length; at++) {
        if (sound[at] !== 0) {
          zeros = 0;
          if (!hasSound) events.push({ kind: 'started', atBytes: before + at });
          hasSound = true;
          continue;
        }
        zeros += 1;
        if (!hasSound || zeros < perSecond) continue;
        bytes += at + 1 - from;
        from = at + 1;
        events.push({ kind: 'ended', atBytes: before + from, bytes: take() });
      }
      bytes += sound.length - from;
      before += sound.length;
      return events;
    },
    take,
  };
}
