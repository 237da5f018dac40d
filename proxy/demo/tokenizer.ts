/** A piece of output and the tokens it stands for; most pieces are one token. */
export interface Piece {
  readonly text: string;
  readonly tokens: number;
}

/** Counts and splits text with o200k, the encoding of every current model. */
export interface Tokenizer {
  count(text: string): number;
  encode(text: string): readonly number[];
  /** Splits text into pieces that are whole characters; their tokens add up to `count(text)`. */
  pieces(text: string): readonly Piece[];
}

/** Longer counts are not remembered: a few huge prompts would push out everything else. */
const MAX_REMEMBERED_CHARS = 65_536;
const MAX_REMEMBERED_TOTAL_CHARS = 16_000_000;
/**
 * The encoder's time grows with the square of an unbroken run, and 50,000 letters already take two
 * seconds. Longer runs are cut here, which can add a token for each cut; in huge texts they are cut sooner.
 */
const MAX_RUN_CHARS = 10_000;
const HUGE_TEXT_CHARS = 1_000_000;
const MAX_RUN_CHARS_IN_HUGE_TEXT = 1000;

/** Loads the encoder on first use: its tables cost about 0.3 s and 70 MB. */
export async function loadTokenizer(): Promise<Tokenizer> {
  const o200k = await import('gpt-tokenizer/encoding/o200k_base');
  const options = { disallowedSpecial: new Set<string>() };
  let remembered = new Map<string, number>();
  let rememberedChars = 0;

  const encode = (text: string): number[] => {
    if (text.length <= MAX_RUN_CHARS) return o200k.encode(text, options);
    return cutRuns(text).flatMap((part) => o200k.encode(part, options));
  };
  return {
    count: (text) => {
      if (text === '') return 0;
      if (text.length > MAX_REMEMBERED_CHARS) return encode(text).length;
      const known = remembered.get(text);
      if (known !== undefined) return known;
      const tokens = encode(text).length;
      if (rememberedChars > MAX_REMEMBERED_TOTAL_CHARS) {
        remembered = new Map();
        rememberedChars = 0;
      }
      remembered.set(text, tokens);
      rememberedChars += text.length;
      return tokens;
    },
    encode,
    pieces: (text) => {
      const pieces: Piece[] = [];
      let open: number[] = [];
      for (const token of encode(text)) {
        open.push(token);
        const decoded = o200k.decode(open);
        // A character can be spread over several tokens; until it is whole, it decodes to U+FFFD.
        if (decoded.endsWith('\ufffd') && open.length < 8) continue;
        pieces.push({ text: decoded, tokens: open.length });
        open = [];
      }
      if (open.length > 0) pieces.push({ text: o200k.decode(open), tokens: open.length });
      return pieces;
    },
  };
}

function cutRuns(text: string): string[] {
  const longest = text.length > HUGE_TEXT_CHARS ? MAX_RUN_CHARS_IN_HUGE_TEXT : MAX_RUN_CHARS;
  const parts: string[] = [];
  let start = 0;
  let runStart = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 32 || unit === 10) runStart = index;
    const splitsPair = unit >= 0xdc00 && unit <= 0xdfff;
    if (index - runStart < longest || splitsPair) continue;
    parts.push(text.slice(start, index));
    start = index;
    runStart = index;
  }
  parts.push(text.slice(start));
  return parts;
}
