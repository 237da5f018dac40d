import type { Exchange, Stage } from './exchange.ts';
import type { Refusal } from './refusal.ts';

type Result = Buffer | Refusal | null;

/**
 * Reads a body into memory within the byte budget. `null` when the client left before its end; that a
 * body arrives in time is the server's `requestTimeout` to see to.
 */
export function readBody(exchange: Exchange): Promise<Result> {
  return new Promise((resolve) => {
    new BodyReader(exchange, resolve).start();
  });
}

class BodyReader implements Stage {
  readonly #exchange: Exchange;
  readonly #resolve: (result: Result) => void;
  readonly #chunks: Buffer[] = [];

  constructor(exchange: Exchange, resolve: (result: Result) => void) {
    this.#exchange = exchange;
    this.#resolve = resolve;
  }

  start(): void {
    const { request, framing, sender } = this.#exchange;
    const { contentLength } = framing;
    // An announced length is taken in one piece, so that a body that cannot fit is refused at once.
    const tooMuch = contentLength === null ? null : sender.place.takeBytes(contentLength);
    if (tooMuch) {
      this.#resolve(tooMuch);
      return;
    }
    this.#exchange.stage = this;
    request.on('data', (chunk: Buffer) => {
      const refusal = contentLength === null ? sender.place.takeBytes(chunk.length) : null;
      if (refusal) this.#done(refusal);
      else this.#chunks.push(chunk);
    });
    request.on('end', () => {
      const [only] = this.#chunks;
      this.#done(only && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks));
    });
  }

  stop(refusal: Refusal | null): void {
    if (refusal) this.#exchange.answerRefusal(refusal);
    this.#done(null);
  }

  #done(result: Result): void {
    if (this.#exchange.stage !== this) return;
    this.#exchange.stage = null;
    if (!Buffer.isBuffer(result)) this.#exchange.request.removeAllListeners('data');
    this.#resolve(result);
  }
}
