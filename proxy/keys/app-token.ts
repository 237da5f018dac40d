import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * App tokens: `tg_`, 256 random bits in base64url, and a checksum that tells a mistyped or cut token
 * from an unknown one without a look-up. The prefix lets secret scanners find them. Only the SHA-256 of
 * a token is kept: with 256 random bits there is nothing for a slow hash to defend.
 */
const PATTERN = /^tg_([A-Za-z0-9_-]{43})([A-Za-z0-9_-]{6})$/;

/** A new token; shown once and never stored. */
export function createAppToken(): string {
  const secret = randomBytes(32).toString('base64url');
  return `tg_${secret}${checksumOf(secret)}`;
}

export function isAppToken(text: string): boolean {
  const match = PATTERN.exec(text);
  return match?.[1] !== undefined && checksumOf(match[1]) === match[2];
}

/** Hex of the SHA-256: the key of the look-up, so that comparing takes no part in it. */
export function hashAppToken(token: string): string {
  return hash('sha256', token, 'hex');
}

function checksumOf(secret: string): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(secret));
  return sum.toString('base64url');
}
