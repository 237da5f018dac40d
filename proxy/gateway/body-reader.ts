import type { Exchange, Stage } from './exchange.ts';
import type { Refusal } from './refusal.ts';

/**
 * Reads a body into memory within the byte budget and calls `next` with it, or refuses. Calls nothing
 * when the client leaves before the end; that a body arrives in time is the server's `requestTimeout` to
 * see to.
 */
export function readBody(exchange: Exchange, next: (body: Buffer) => void): void {
  new BodyReader(exchange, next).start();
}

class BodyReader implements Stage {
  readonly #exchange: Exchange;
  readonly #next: (body: Buffer) => void;
  readonly #chunks: Buffer[] = [];

  constructor(exchange: Exchange, next: (body: Buffer) => void) {
    this.#exchange = exchange;
    this.#next = next;
  }

  start(): void {
    const { request, framing, sender } = this.#exchange;
    const { contentLength } = framing;
    // An announced length is taken in one piece, so that a body that cannot fit is refused at once.
    const tooMuch = contentLength === null ? null : sender.place.takeBytes(contentLength);
    if (tooMuch) {
      this.#exchange.refuse(tooMuch);
      return;
    }
    this.#exchange.stage = this;
    request.on('data', (chunk: Buffer) => {
      const refusal = contentLength === null ? sender.place.takeBytes(chunk.length) : null;
      if (!refusal) this.#chunks.push(chunk);
      else if (this.#ends()) this.#exchange.refuse(refusal);
    });
    request.on('end', () => {
      if (!this.#ends()) return;
      const [only] = this.#chunks;
      const body = only && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks);
      this.#exchange.guard(() => this.#next(body));
    });
  }

  stop(refusal: Refusal | null): void {
    if (!this.#ends()) return;
    if (refusal) this.#exchange.answerRefusal(refusal);
    this.#exchange.abandon();
  }

  /** True the first time. */
  #ends(): boolean {
    if (this.#exchange.stage !== this) return false;
    this.#exchange.stage = null;
    return true;
  }
}
