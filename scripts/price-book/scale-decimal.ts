/**
 * Shifts the point of a decimal text by `places` digits and returns the integer, without passing through
 * binary fractions: `scaleDecimal('0.075', 9)` is 75,000,000. Throws where anything is left behind the
 * point or the result is not a safe integer.
 */
export function scaleDecimal(text: string, places: number): number {
  const parts = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!parts) throw new Error(`"${text}" is not a plain decimal number.`);
  const [, whole = '', fraction = ''] = parts;
  const digits = fraction.padEnd(places, '0');
  if (/[1-9]/.test(digits.slice(places)))
    throw new Error(`"${text}" has more than ${places} decimal places.`);
  const scaled = Number(BigInt(whole + digits.slice(0, places)));
  if (!Number.isSafeInteger(scaled)) throw new Error(`"${text}" is too large.`);
  return scaled;
}
