import type { Dispatcher } from 'undici';
import { exactUsd } from '../contract/money.ts';
import type { Exchange } from './exchange.ts';
import { type Refusal, renderRefusal } from './refusal.ts';
import type { Admitted } from './spending-request.ts';

/** A client that reads nothing for so long has stalled; it is let go. */
const STALL_MS = 5 * 60_000;

/** Maxima that the proxy has put in, or null; the client is told of them. */
export interface Injected {
  readonly injectedMaxOutput: number | null;
  readonly injectedMaxToolCalls: number | null;
}

/** The client's side of an answer: written at the client's pace, and to nobody once the client has left. */
export class ClientAnswer {
  readonly #exchange: Exchange;
  readonly #admitted: Admitted;
  readonly #injected: Injected;
  #gone = false;
  #stall: NodeJS.Timeout | null = null;
  #draining = false;

  constructor(exchange: Exchange, admitted: Admitted, injected: Injected) {
    this.#exchange = exchange;
    this.#admitted = admitted;
    this.#injected = injected;
  }

  /** Nothing more is written. */
  leave(): void {
    this.#gone = true;
  }

  /** `headers` are OpenAI's; `costNanoUsd` is null where it is not known yet. */
  writeHead(status: number, headers: readonly string[], costNanoUsd: number | null): void {
    const { response, deps, corsHeaders } = this.#exchange;
    if (this.#gone || response.headersSent) return;
    const { injectedMaxOutput, injectedMaxToolCalls } = this.#injected;
    const all = [...headers, 'x-tollgate-request-id', deps.ids.format(this.#admitted.seq), ...corsHeaders];
    if (costNanoUsd !== null) all.push('x-tollgate-cost-usd', exactUsd(costNanoUsd));
    if (injectedMaxOutput !== null) all.push('x-tollgate-max-output-tokens', String(injectedMaxOutput));
    if (injectedMaxToolCalls !== null) all.push('x-tollgate-max-tool-calls', String(injectedMaxToolCalls));
    response.sendDate = false;
    response.writeHead(status, all);
  }

  write(controller: Dispatcher.DispatchController, bytes: Buffer): void {
    const { response } = this.#exchange;
    if (this.#gone || bytes.length === 0 || response.write(bytes)) return;
    // The client reads more slowly than OpenAI writes: wait for it, and buffer nothing more.
    controller.pause();
    if (this.#draining) return;
    this.#draining = true;
    this.#stall = setTimeout(() => response.destroy(), STALL_MS);
    this.#stall.unref();
    response.once('drain', () => {
      this.#draining = false;
      this.clearStall();
      controller.resume();
    });
  }

  /** What is left when OpenAI has said everything: there is nobody to wait any more. */
  writeLast(bytes: Buffer): void {
    if (!this.#gone && bytes.length > 0) this.#exchange.response.write(bytes);
  }

  /** `rest` is all that is left; text has a byte in each character. */
  end(rest: Buffer | string | null): void {
    if (this.#gone) return;
    const { response } = this.#exchange;
    // Node joins a text with the headers into one write, where a buffer takes a vectored one.
    if (typeof rest === 'string') response.end(rest, 'latin1');
    else if (rest) response.end(rest);
    else response.end();
  }

  /** Returns the status that the client has seen. */
  refuse(refusal: Refusal): number {
    return this.#gone ? 499 : this.#exchange.answerRefusal(refusal);
  }

  /** Ends an answer that has begun, in the way its readers understand. */
  breakOff(refusal: Refusal, isEventStream: boolean): void {
    const { response, route, deps } = this.#exchange;
    if (this.#gone || response.destroyed) return;
    if (!isEventStream) {
      // A body cut short must look cut short, not complete.
      response.destroy();
      return;
    }
    const { body } = renderRefusal(refusal, deps.ids.format(this.#admitted.seq));
    const { error } = JSON.parse(body) as { error: { code: string; message: string; param: string | null } };
    const isResponses = route.access.kind === 'metered' && route.access.meter === 'responses';
    const event = isResponses
      ? `event: error\ndata: ${JSON.stringify({ type: 'error', code: error.code, message: error.message, param: error.param, sequence_number: 0 })}\n\n`
      : `data: ${body}\n\n`;
    response.end(`\n\n${event}`);
  }

  clearStall(): void {
    if (this.#stall) clearTimeout(this.#stall);
    this.#stall = null;
  }
}
