import type { Exchange } from './exchange.ts';
import { isRefusal, type Refusal } from './refusal.ts';

/**
 * Reads a body into memory within the byte budget. `null` when the client left before its end; that a
 * body arrives in time is the server's `requestTimeout` to see to.
 */
export function readBody(exchange: Exchange): Promise<Buffer | Refusal | null> {
  const { request, framing, sender } = exchange;
  const announced = framing.contentLength;
  return new Promise((resolve) => {
    // An announced length is taken in one piece, so that a body that cannot fit is refused at once.
    const tooMuch = announced === null ? null : sender.place.takeBytes(announced);
    if (tooMuch) {
      resolve(tooMuch);
      return;
    }
    const chunks: Buffer[] = [];
    const done = (result: Buffer | Refusal | null): void => {
      exchange.onStop = null;
      if (result === null || isRefusal(result)) request.removeAllListeners('data');
      resolve(result);
    };
    exchange.onStop = (refusal) => {
      if (refusal) exchange.answerRefusal(refusal);
      done(null);
    };
    request.on('data', (chunk: Buffer) => {
      const refusal = announced === null ? sender.place.takeBytes(chunk.length) : null;
      if (refusal) done(refusal);
      else chunks.push(chunk);
    });
    request.on('end', () => done(chunks.length === 1 ? (chunks[0] ?? null) : Buffer.concat(chunks)));
  });
}
