import { inspect } from 'node:util';

/** Made up; the shape of a real key. */
export const CANARY = 'sk-proj-Canary0123456789abcdefghijKLMNOPQRSTUVWXYZ_-canary';

const WINDOW = 12;

/** Everything a log line, a crash report or a careless handler could make of a value. */
function renderings(value: unknown): string {
  const seen: string[] = [
    inspect(value, { depth: 20, showHidden: true, getters: false, maxArrayLength: null }),
    String(value),
  ];
  seen.push(JSON.stringify(value) ?? '');
  for (let error = value; error instanceof Error; error = error.cause) {
    seen.push(error.message, error.stack ?? '', JSON.stringify({ ...error }));
    seen.push(JSON.stringify(error, Object.getOwnPropertyNames(error)));
  }
  return seen.join('\n');
}

/** The pieces of the secret, in any usual encoding, that can be found in a value. */
export function leaksIn(value: unknown, secret: string = CANARY): string[] {
  const text = renderings(value);
  const bytes = [...Buffer.from(secret)];
  const found: string[] = [];
  for (let at = 0; at + WINDOW <= bytes.length; at += 1) {
    const window = bytes.slice(at, at + WINDOW);
    const hex = window.map((byte) => byte.toString(16).padStart(2, '0'));
    const base64 = Buffer.from(window).toString('base64').slice(0, 16);
    for (const piece of [
      Buffer.from(window).toString(),
      hex.join(''),
      hex.join(' '),
      window.join(','),
      base64,
    ]) {
      if (text.includes(piece)) found.push(piece);
    }
  }
  return found;
}

/** The error of something that must fail. */
export async function errorOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}
