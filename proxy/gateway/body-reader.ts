import type { IncomingMessage } from 'node:http';
import type { Place } from './app-traffic.ts';
import { type Refusal, refuse } from './refusal.ts';

/** A body that arrives must not pause for longer. */
const IDLE_MS = 30_000;

/** Reads a body into memory within the byte budget. `null` when the client left before its end. */
export function readBody(
  request: IncomingMessage,
  place: Place,
  announcedBytes: number | null,
): Promise<Buffer | Refusal | null> {
  return new Promise((resolve) => {
    // An announced length is taken in one piece, so that a body that cannot fit is refused at once.
    if (announcedBytes !== null) {
      const refusal = place.takeBytes(announcedBytes);
      if (refusal) {
        resolve(refusal);
        return;
      }
    }
    const chunks: Buffer[] = [];
    const idle = setTimeout(() => done(refuse('request_timeout')), IDLE_MS);
    const onData = (chunk: Buffer): void => {
      idle.refresh();
      const refusal = announcedBytes === null ? place.takeBytes(chunk.length) : null;
      if (refusal) done(refusal);
      else chunks.push(chunk);
    };
    const onEnd = (): void => done(chunks.length === 1 ? (chunks[0] ?? null) : Buffer.concat(chunks));
    const onClose = (): void => done(null);
    function done(result: Buffer | Refusal | null): void {
      clearTimeout(idle);
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      // A client that goes away is not an error, here or later.
      request.on('error', () => undefined);
      resolve(result);
    }
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}
