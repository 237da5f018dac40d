import { fileURLToPath } from 'node:url';

/** What tests ask the process of keychain-child.ts, one JSON line each way. */
export interface Question {
  readonly op: 'get' | 'set' | 'remove' | 'fingerprint' | 'ring-authorize' | 'ring-reload';
  readonly key?: string;
  readonly profile?: string;
  readonly timeoutMs?: number;
  readonly mayPrompt?: boolean;
  /** How much later than the question before this one is, for the ring's clock. */
  readonly afterMs?: number;
}

export interface Answer {
  readonly ok: boolean;
  readonly value?: string | boolean | null;
  readonly code?: string;
  readonly message?: string;
  readonly tookMs: number;
}

export const KEYCHAIN_CHILD = fileURLToPath(new URL('keychain-child.ts', import.meta.url));

/** Made up; the shape of a real one. */
export const CANARY = 'sk-proj-Canary0123456789abcdefghijKLMNOPQRSTUVWXYZ_-canary';
