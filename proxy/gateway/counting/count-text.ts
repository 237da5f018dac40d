/** Number of tokens of a text that holds no long unbroken runs. */
export type CountTokens = (text: string) => number;

/**
 * An encoder's time grows with the square of a run without a break, so that 50,000 letters take seconds.
 * Longer runs are not counted but bounded by their bytes: a token is at least one byte.
 */
const MAX_RUN_CHARS = 400;
/** Text is counted in pieces of about this size, cut at white space. */
const PIECE_CHARS = 16_384;

/** At least the tokens of a text, and close to them for anything people write; linear in its length. */
export function countText(text: string, countTokens: CountTokens): number {
  let tokens = 0;
  let pieceStart = 0;
  let runStart = 0;
  const countPiece = (end: number): void => {
    if (end > pieceStart) tokens += countTokens(text.slice(pieceStart, end)) + 1;
  };
  for (let index = 0; index <= text.length; index += 1) {
    const isBreak = index === text.length || isBreakAt(text, index);
    if (!isBreak) continue;
    if (index - runStart > MAX_RUN_CHARS) {
      countPiece(runStart);
      tokens += Buffer.byteLength(text.slice(runStart, index));
      pieceStart = index;
    } else if (index - pieceStart > PIECE_CHARS) {
      countPiece(runStart);
      pieceStart = runStart;
    }
    runStart = index;
  }
  countPiece(text.length);
  return tokens;
}

/**
 * Where a new run begins: at white space that follows something else. Within white space the run goes on,
 * because a long stretch of it is as slow to encode as one of letters.
 */
function isBreakAt(text: string, index: number): boolean {
  return isSpace(text.charCodeAt(index)) && !isSpace(text.charCodeAt(index - 1));
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
