import { createHash } from 'node:crypto';

/**
 * Eight hex digits that let people and the engine tell keys apart without seeing them: "the key in the
 * keychain is the one that was rejected".
 *
 * Why it is safe to show and to log: a key has far more than 100 random bits, of which 32 bits of a
 * SHA-256 tell nothing that helps to guess the rest; unlike OpenAI's own masked form it holds no
 * character of the key. The domain prefix keeps it from matching a plain SHA-256 of the key that some
 * other program or a leak database may have written down.
 */
export function fingerprint(key: Buffer): string {
  return createHash('sha256').update('tollgate key fingerprint v1\0').update(key).digest('hex').slice(0, 8);
}
