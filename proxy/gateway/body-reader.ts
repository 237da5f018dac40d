import type { Exchange } from './exchange.ts';
import type { Refusal } from './refusal.ts';
import type { Stage } from './spending-request.ts';

/** Pieces below this size are copied together: each one kept by itself would take 400 bytes of memory. */
const SMALL_BYTES = 4 * 1024;
const BLOCK_BYTES = 64 * 1024;

/**
 * Reads a body into memory within the byte budget and calls `next` with it, or refuses. Calls nothing
 * when the client leaves before the end; that a body arrives in time is the server's `requestTimeout` to
 * see to.
 */
export function readBody(exchange: Exchange, expectsContinue: boolean, next: (body: Buffer) => void): void {
  new BodyReader(exchange, next).start(expectsContinue);
}

class BodyReader implements Stage {
  readonly #exchange: Exchange;
  readonly #next: (body: Buffer) => void;
  readonly #chunks: Buffer[] = [];
  #block: Buffer | null = null;
  /** What of the block is not yet among the chunks. */
  #blockStart = 0;
  #blockEnd = 0;

  constructor(exchange: Exchange, next: (body: Buffer) => void) {
    this.#exchange = exchange;
    this.#next = next;
  }

  start(expectsContinue: boolean): void {
    const { request, response, framing, sender, stopped } = this.#exchange;
    const { contentLength } = framing;
    if (stopped) {
      this.#exchange.abandon();
      return;
    }
    // An announced length is taken in one piece, so that a body that cannot fit is refused at once.
    const tooMuch = contentLength === null ? null : sender.place.takeBytes(contentLength);
    if (tooMuch) {
      this.#exchange.refuse(tooMuch);
      return;
    }
    this.#exchange.stage = this;
    if (expectsContinue) response.writeContinue();
    request.on('data', (chunk: Buffer) => {
      // What arrives after a refusal belongs to nobody and takes nothing from the budget.
      if (this.#exchange.stage !== this) return;
      const refusal = contentLength === null ? sender.place.takeBytes(chunk.length) : null;
      if (!refusal) this.#keep(chunk);
      else if (this.#ends()) this.#exchange.refuse(refusal);
    });
    request.on('end', () => {
      if (!this.#ends()) return;
      this.#closeBlock();
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

  #keep(chunk: Buffer): void {
    // The first piece is most often the only one.
    if (this.#chunks.length === 0 && this.#block === null) this.#chunks.push(chunk);
    else if (chunk.length < SMALL_BYTES) this.#copy(chunk);
    else {
      this.#closeBlock();
      this.#chunks.push(chunk);
    }
  }

  #copy(chunk: Buffer): void {
    if (!this.#block || this.#blockEnd + chunk.length > BLOCK_BYTES) {
      this.#closeBlock();
      this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      this.#blockStart = 0;
      this.#blockEnd = 0;
    }
    this.#blockEnd += chunk.copy(this.#block, this.#blockEnd);
  }

  /** Its rest is still used, so that small pieces between large ones waste nothing. */
  #closeBlock(): void {
    if (!this.#block || this.#blockEnd === this.#blockStart) return;
    this.#chunks.push(this.#block.subarray(this.#blockStart, this.#blockEnd));
    this.#blockStart = this.#blockEnd;
  }

  /** True the first time. */
  #ends(): boolean {
    if (this.#exchange.stage !== this) return false;
    this.#exchange.stage = null;
    return true;
  }
}
