import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { problemOf } from '../contract/errors.ts';
import { announceAnswer, announceCreated, ownPartOf } from './answered-object.ts';
import { chargeBroken, chargeFor, chargeLeft, lateObjectOf } from './charge-answer.ts';
import { ClientAnswer, type Injected } from './client-answer.ts';
import type { Exchange } from './exchange.ts';
import { headersForClient, singleHeader } from './header-rules.ts';
import { KeyShield, maskEchoes } from './key-shield.ts';
import { PassingJsonMeter, readJsonAnswer, readObjectAnswer } from './metering/json-answer.ts';
import { openStreamMeter, type StreamMeter } from './metering/stream-meter.ts';
import { type Refusal, refuse } from './refusal.ts';
import { type BoundReason, type Charge, chargeBound, chargeFree, chargeNothing } from './settlement.ts';
import type { Admitted, Stage } from './spending-request.ts';

/** Answers up to this size are held until their cost is known, for the `x-tollgate-cost-usd` header. */
const MAX_HELD_BYTES = 8 * 1024 * 1024;
const MAX_LIST_BYTES = 64 * 1024 * 1024;
/** JSON above this size is read as it passes instead of being parsed at once. */
const MAX_PARSED_BYTES = 64 * 1024;
/** Refusals of OpenAI are short; so much of one is kept to be cleaned of key echoes. */
const MAX_REFUSAL_BYTES = 256 * 1024;

export interface RelayOptions extends Injected {
  /** Whether usage was asked for on the client's behalf, and is taken out again. */
  readonly hideUsage: boolean;
  readonly key: string;
  /** `YYYY-MM-DD` in UTC. */
  readonly date: string;
}

/** How an answer is handled, decided by its status and type. */
type Mode =
  /** Held as a whole: JSON whose cost goes into a header, or a refusal that may echo the key. */
  | { readonly kind: 'held'; readonly chunks: Buffer[]; bytes: number }
  | { readonly kind: 'events'; readonly meter: StreamMeter }
  | { readonly kind: 'passing' };

/**
 * Carries one answer from OpenAI to the client, byte for byte and at the client's pace, and reads on the
 * side what it cost. It settles the exchange exactly once: with the usage of the answer, with an
 * estimate when the client left a stream, or at the bound when nobody can know.
 */
export class AnswerRelay implements Dispatcher.DispatchHandler, Stage {
  readonly #exchange: Exchange;
  readonly #client: ClientAnswer;
  readonly #shield: KeyShield;
  /** Of the key it was sent with. */
  readonly #generation: number;
  readonly #hideUsage: boolean;
  readonly #date: string;
  #controller: Dispatcher.DispatchController | null = null;
  #sentAtMs = 0;
  #status = 0;
  #headers: string[] = [];
  #mode: Mode = { kind: 'passing' };
  #json: PassingJsonMeter | null = null;
  /** Whether its client has left a background stream that has not named itself yet, and was cut at that. */
  #left: { readonly isCut: boolean } | null = null;

  constructor(exchange: Exchange, admitted: Admitted, options: RelayOptions) {
    this.#exchange = exchange;
    this.#client = new ClientAnswer(exchange, admitted, options);
    this.#shield = new KeyShield(options.key);
    this.#generation = exchange.lease?.generation ?? 0;
    this.#hideUsage = options.hideUsage;
    this.#date = options.date;
    exchange.stage = this;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#exchange.ended) {
      controller.abort(new Error('the request had ended'));
      return;
    }
    this.#sentAtMs = this.#exchange.deps.monotonic();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    // 103 Early Hints and its like announce the answer; they are not it.
    if (status < 200) return;
    const { deps } = this.#exchange;
    this.#status = status;
    this.#exchange.firstByteMs = deps.monotonic();
    this.#exchange.upstreamId = singleHeader(headers, 'x-request-id')?.slice(0, 100) ?? null;
    if (status === 401) deps.keys.reportRejected(this.#generation);
    this.#headers = this.#withoutKey(headersForClient(headers));
    this.#mode = this.#modeFor(status, headers);
    if (this.#mode.kind === 'held') return;
    const length = singleHeader(headers, 'content-length');
    if (this.#mode.kind === 'passing' && length !== null) this.#headers.push('content-length', length);
    this.#client.writeHead(this.#status, this.#headers, this.#costKnownBefore());
    // The client learns that the stream has begun, not only when the first event arrives.
    this.#exchange.response.flushHeaders();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#exchange.ended) return;
    const clean = this.#shield.push(chunk);
    const mode = this.#mode;
    if (mode.kind === 'held') this.#hold(controller, mode, clean);
    else if (mode.kind === 'events') {
      const bytes = mode.meter.push(clean);
      if (mode.meter.answered !== this.#exchange.answered) this.#announce(mode.meter);
      this.#client.write(controller, bytes);
      if (this.#left) this.#letGo(this.#left.isCut);
    } else {
      this.#json?.push(clean);
      this.#client.write(controller, clean);
    }
  }

  onResponseEnd(): void {
    if (this.#exchange.ended) return;
    const rest = this.#shield.end();
    const mode = this.#mode;
    if (mode.kind === 'held') this.#endHeld(rest ? [...mode.chunks, rest] : mode.chunks);
    else this.#endPassing(rest);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#exchange.ended) {
      // A fault after the booking must not leave the client waiting for the rest.
      if (!this.#exchange.response.writableEnded) this.#exchange.response.destroy();
      return;
    }
    const timedOut = /TIMEOUT/.test((error as NodeJS.ErrnoException).code ?? '');
    if (this.#sentAtMs === 0) {
      this.#end(
        chargeNothing('never_sent'),
        this.#client.refuse(refuse('upstream_unreachable', { problem: reasonOf(error) })),
      );
      return;
    }
    const reason: BoundReason = timedOut ? 'upstream_timeout' : 'upstream_broken';
    const refusal = timedOut
      ? refuse('upstream_timeout', {
          seconds: Math.round((this.#exchange.deps.monotonic() - this.#sentAtMs) / 1000),
        })
      : refuse('upstream_broken', { problem: reasonOf(error) });
    const status = this.#exchange.response.headersSent ? this.#status : this.#client.refuse(refusal);
    if (this.#exchange.response.headersSent) this.#client.breakOff(refusal, this.#mode.kind === 'events');
    if (this.#handsOver()) return;
    this.#end(
      this.#status >= 400 ? chargeNothing('upstream_refused') : chargeBroken(this.#exchange, reason),
      status,
    );
  }

  /** Drops every header that names the key, value and name together. */
  #withoutKey(headers: string[]): string[] {
    if (!headers.some((text) => this.#shield.hasKey(text))) return headers;
    const kept: string[] = [];
    for (let index = 0; index < headers.length; index += 2) {
      const [name = '', value = ''] = headers.slice(index, index + 2);
      if (!this.#shield.hasKey(name) && !this.#shield.hasKey(value)) kept.push(name, value);
    }
    return kept;
  }

  #modeFor(status: number, headers: IncomingHttpHeaders): Mode {
    const { request, route } = this.#exchange;
    const meter = route.access.kind === 'metered' ? route.access.meter : null;
    if (request.method === 'HEAD') return { kind: 'passing' };
    if (status >= 300 && status !== 304) return { kind: 'held', chunks: [], bytes: 0 };
    const type = singleHeader(headers, 'content-type')?.toLowerCase() ?? '';
    // What is listed or created is looked at as a whole: it says what belongs to whom.
    if (route.lists || route.names || (route.creates && !meter))
      return { kind: 'held', chunks: [], bytes: 0 };
    if (!meter) return { kind: 'passing' };
    if (type.startsWith('text/event-stream')) {
      return { kind: 'events', meter: openStreamMeter(meter, this.#hideUsage, this.#speaks) };
    }
    if (type.startsWith('application/json')) return { kind: 'held', chunks: [], bytes: 0 };
    return { kind: 'passing' };
  }

  /** The client may refer to what the stream has named from the moment it reads it. */
  #announce({ answered }: StreamMeter): void {
    if (answered && answered !== this.#exchange.answered) announceAnswer(this.#exchange, answered);
  }

  #hold(controller: Dispatcher.DispatchController, mode: Mode & { kind: 'held' }, chunk: Buffer): void {
    if (this.#status >= 300) {
      if (mode.bytes < MAX_REFUSAL_BYTES) mode.chunks.push(chunk);
      mode.bytes += chunk.length;
      return;
    }
    mode.chunks.push(chunk);
    mode.bytes += chunk.length;
    if (this.#json) this.#json.push(chunk);
    else if (mode.bytes > MAX_PARSED_BYTES) this.#json = this.#passingMeter(mode.chunks);
    if (this.#mustBeWhole) {
      if (mode.bytes > MAX_LIST_BYTES) controller.abort(new Error('the list is too long'));
      return;
    }
    if (mode.bytes <= MAX_HELD_BYTES) return;
    // Too large to hold: it goes out as it comes, and its cost is in the ledger only.
    this.#mode = { kind: 'passing' };
    this.#client.writeHead(this.#status, this.#headers, null);
    for (const bytes of mode.chunks) this.#client.write(controller, bytes);
  }

  get #speaks(): boolean {
    return this.#exchange.facts?.worst.output === 'audio';
  }

  /** A list is not passed on unread. */
  get #mustBeWhole(): boolean {
    return this.#exchange.route.lists !== undefined;
  }

  #passingMeter(chunks: readonly Buffer[]): PassingJsonMeter | null {
    const { access } = this.#exchange.route;
    if (access.kind !== 'metered') return null;
    const meter = new PassingJsonMeter(access.meter, this.#speaks);
    for (const chunk of chunks) meter.push(chunk);
    return meter;
  }

  #endHeld(chunks: readonly Buffer[]): void {
    const body = chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
    if (this.#status >= 300) {
      this.#endRefused(body);
      return;
    }
    const { route } = this.#exchange;
    if (route.access.kind !== 'metered') {
      this.#endObject(body);
      return;
    }
    const text = body.length <= MAX_PARSED_BYTES ? body.toString('latin1') : null;
    const answer =
      text !== null ? readJsonAnswer(route.access.meter, text, this.#speaks) : (this.#json?.result() ?? null);
    const late = answer && lateObjectOf(this.#exchange, answer);
    this.#exchange.answered = answer?.answered ?? null;
    const created = route.creates && route.creates !== 'response' ? readObjectAnswer(body) : null;
    if (created) announceCreated(this.#exchange, created);
    this.#headers.push('content-length', String(body.length));
    if (late) {
      this.#client.writeHead(this.#status, this.#headers, null);
      this.#exchange.handOver(late.kind, late.id);
    } else {
      const charge = chargeFor(this.#exchange, this.#date, answer?.metered ?? null);
      this.#client.writeHead(this.#status, this.#headers, charge.costNanoUsd);
      this.#end(charge, this.#status);
    }
    this.#client.end(text ?? body);
  }

  /** A free answer that names or lists objects. */
  #endObject(body: Buffer): void {
    const answer = readObjectAnswer(body);
    if (answer) announceCreated(this.#exchange, answer);
    if (this.#exchange.route.lists) {
      this.#sendOwnPart(answer);
      return;
    }
    this.#sendObject(body);
  }

  #sendOwnPart(list: Readonly<Record<string, unknown>> | null): void {
    const own = list && ownPartOf(this.#exchange, list);
    if (own) {
      this.#exchange.whenReady(own, (text) => this.#sendObject(Buffer.from(text)));
      return;
    }
    const refusal = refuse('upstream_broken', { problem: 'its list cannot be read' });
    this.#end(chargeFree(null), this.#client.refuse(refusal));
  }

  #sendObject(body: Buffer): void {
    const charge = chargeFor(this.#exchange, this.#date, null);
    this.#headers.push('content-length', String(body.length));
    this.#client.writeHead(this.#status, this.#headers, charge.costNanoUsd);
    this.#end(charge, this.#status);
    this.#client.end(body);
  }

  /** A response that goes on at OpenAI although its stream does not: it is asked for its end. */
  #handsOver(): boolean {
    const id = this.#mode.kind === 'events' ? (this.#mode.meter.answered?.id ?? null) : null;
    if (!this.#exchange.facts?.isBackground || id === null) return false;
    if (this.#mode.kind === 'events' && this.#mode.meter.result().kind === 'usage') return false;
    this.#client.clearStall();
    this.#exchange.handOver('response', id);
    return true;
  }

  #endRefused(body: Buffer): void {
    if (this.#status < 400) {
      // Following a redirect would send the request, and maybe the key, to a place nobody has chosen.
      const refusal = refuse('upstream_broken', { problem: `it answered with a redirect (${this.#status})` });
      this.#end(chargeBound(this.#exchange.held, 'upstream_redirect'), this.#client.refuse(refusal));
    } else if (this.#status === 401) {
      this.#exchange.finding('key_rejected', 'OpenAI answered 401');
      this.#end(chargeNothing('key_rejected'), this.#client.refuse(refuse('key_rejected')));
    } else {
      const clean = maskEchoes(body);
      this.#headers.push('content-length', String(clean.length));
      this.#client.writeHead(this.#status, this.#headers, 0);
      this.#end(chargeNothing('upstream_refused'), this.#status);
      this.#client.end(clean);
    }
  }

  #endPassing(rest: Buffer | null): void {
    const mode = this.#mode;
    const last = rest ? [rest] : [];
    if (mode.kind === 'events') {
      const bytes = [...last.map((chunk) => mode.meter.push(chunk)), mode.meter.end()];
      for (const chunk of bytes) this.#client.writeLast(chunk);
      this.#announce(mode.meter);
      if (!this.#handsOver())
        this.#end(chargeFor(this.#exchange, this.#date, mode.meter.result()), this.#status);
    } else {
      for (const chunk of last) {
        this.#json?.push(chunk);
        this.#client.writeLast(chunk);
      }
      const answer = this.#json?.result() ?? null;
      this.#exchange.answered = answer?.answered ?? null;
      this.#end(chargeFor(this.#exchange, this.#date, answer?.metered ?? null), this.#status);
    }
    this.#client.end(null);
  }

  /** The cost of an answer that has none of its own but a rule that needs only the request. */
  #costKnownBefore(): number | null {
    const { facts, request } = this.#exchange;
    const byRule = this.#mode.kind === 'passing' && this.#status === 200 && facts?.ruleIsExact;
    return byRule && request.method === 'POST'
      ? chargeFor(this.#exchange, this.#date, null).costNanoUsd
      : null;
  }

  /** The client left, or the request was cut because of a pause, a revoked token or the end. */
  stop(refusal: Refusal | null): void {
    this.#client.clearStall();
    const { response, facts, sender } = this.#exchange;
    if (refusal) {
      if (response.headersSent) this.#client.breakOff(refusal, this.#mode.kind === 'events');
      else this.#exchange.answerRefusal(refusal);
    }
    this.#client.leave();
    // Without a stream OpenAI finishes the work whether or not anybody reads it: wait and settle exactly.
    const isStream = facts?.streamed ?? false;
    const drains = sender.app.policy.onAbort === 'drain' && refusal === null;
    this.#controller?.resume();
    if (!isStream || drains) return;
    const status = response.headersSent ? this.#status : 499;
    if (this.#sentAtMs === 0) this.#end(chargeNothing('never_sent'), status);
    else if (facts?.isBackground && this.#exchange.answered === null) {
      // It goes on at OpenAI without us, and can be asked for its end only by its name: wait for that.
      this.#left = { isCut: refusal !== null };
      return;
    } else if (!this.#handsOver()) this.#end(this.#chargeAbandoned(), status);
    this.#controller?.abort(new Error('the client has left'));
  }

  /** Of a background stream that nobody reads any more: once it has a name, it is asked for its end. */
  #letGo(isCut: boolean): void {
    const id = this.#exchange.answered?.id ?? null;
    if (!this.#handsOver()) return;
    if (isCut) this.#exchange.deps.lateWork.cancel(({ objectId }) => objectId === id);
    this.#controller?.abort(new Error('the client has left'));
  }

  #chargeAbandoned(): Charge {
    if (this.#status >= 400) return chargeNothing('upstream_refused');
    const seen = this.#mode.kind === 'events' ? this.#mode.meter : null;
    const elapsedMs = this.#exchange.deps.monotonic() - this.#sentAtMs;
    return chargeLeft(this.#exchange, this.#date, seen, elapsedMs);
  }

  #end(charge: Charge, status: number): void {
    this.#client.clearStall();
    this.#exchange.end(charge, status);
  }
}

/** What went wrong on the way, in words that show nothing of the network's inside. */
function reasonOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  const inner = error instanceof AggregateError ? (error.errors[0] as Error | undefined) : undefined;
  const innerCode = (inner as NodeJS.ErrnoException | undefined)?.code;
  return code ?? innerCode ?? problemOf(error);
}
