import { isJsonObject } from '../metering/usage-shapes.ts';
import { type Refusal, renderRefusal } from '../refusal.ts';

/** Holds the largest audio that OpenAI takes in one event, 15 MiB, as base64. */
export const MAX_FRAME_BYTES = 24 * 1024 * 1024;

/** OpenAI's error object for a refusal, and the status it would have over HTTP. */
export function errorOf(
  refusal: Refusal,
  requestId: string,
  forCodex = false,
): { status: number; error: ErrorObject; codexHeaders: readonly string[] } {
  const { status, codexHeaders, body } = renderRefusal(refusal, requestId, forCodex);
  return { status, error: (JSON.parse(body) as { error: ErrorObject }).error, codexHeaders };
}

export interface ErrorObject {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

export type Json = Readonly<Record<string, unknown>>;

/** A frame of OpenAI's, or null for one that is no JSON object. */
export function parseFrame(frame: Buffer): Json | null {
  try {
    const parsed: unknown = JSON.parse(frame.toString('utf8'));
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** Bytes that a client's text frame of this size has on the wire, in one piece. */
export function wireBytes(payloadBytes: number): number {
  const lengthBytes = payloadBytes < 126 ? 0 : payloadBytes < 65_536 ? 2 : 8;
  return 2 + lengthBytes + 4 + payloadBytes;
}
