import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { KeyLease } from '../../keys/key-slot.ts';
import type { KnownSender } from '../authenticate.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import { KeyShield } from '../key-shield.ts';
import type { LiveRequest } from '../live-requests.ts';
import type { OpenHold } from '../open-holds.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { wireBytes } from './frames.ts';
import type { SocketPlace } from './socket-places.ts';

/**
 * How the way to OpenAI ended for the turns that it had: `unheard` where it was left as well, but what
 * OpenAI had to say until then is not known.
 */
export type SocketEnd = 'left' | 'unheard' | 'broken' | 'timeout';

/** What a socket speaks: reads the frames of both sides, and holds and settles the turns among them. */
export interface SocketSession {
  readonly openHolds: readonly OpenHold[];
  /** Whether OpenAI works on anything for it. */
  readonly isBusy: boolean;
  /** A client's text frame; the next one is read when this is done. */
  onClientFrame(frame: Buffer): void | Promise<void>;
  /** A text frame of OpenAI's; returns what the client shall see, or null for nothing. */
  onServerFrame(frame: Buffer): Buffer | null;
  /** Nothing more is sent to OpenAI: what waits for its hold is given up. */
  stop(): void;
  /** Nothing more comes from OpenAI: settles what is open. */
  end(how: SocketEnd): void;
  /** A refusal of the socket as a whole, in the words of its protocol. */
  refusalFrame(refusal: Refusal): string;
}

export interface RelayParts {
  readonly deps: GatewayDeps;
  readonly sender: KnownSender;
  readonly client: WebSocket;
  readonly clientRaw: Socket;
  readonly upstream: WebSocket;
  readonly upstreamRaw: Socket;
  readonly place: SocketPlace;
  /** Of the key that the socket to OpenAI was opened with. */
  readonly lease: KeyLease;
  open(relay: SocketRelay): SocketSession;
}

/** Above this, the other side is not read until it has been written. */
const HIGH_WATER_BYTES = 1024 * 1024;
/** How long a closing handshake may take before the connection is cut. */
const CLOSE_MS = 1_000;
/** A client that reads nothing for so long has stalled; it is let go. */
const STALL_MS = 5 * 60_000;

/** Close codes of RFC 6455 section 7.4. */
const NORMAL = 1000;
const GOING_AWAY = 1001;
const UNSUPPORTED = 1003;
const POLICY = 1008;
const TOO_MUCH = 1013;
const BROKEN = 1011;

/**
 * Carries the frames of one WebSocket in both directions, each at the pace of its reader, and ends both
 * sides together. When its client leaves or it is cut, OpenAI's side is closed first and heard out for a
 * moment: what it still tells makes the charge exact.
 */
export class SocketRelay implements LiveRequest {
  readonly appNum: number;
  readonly tokenId: number;
  readonly #parts: RelayParts;
  readonly #session: SocketSession;
  readonly #shield: KeyShield;
  readonly #slot: number;
  readonly #inbox: Buffer[] = [];
  #state: 'open' | 'finishing' | 'draining' | 'closing' | 'closed' = 'open';
  #endsAs: SocketEnd = 'broken';
  #isReading = false;
  #stall: NodeJS.Timeout | null = null;
  #closing: NodeJS.Timeout | null = null;

  constructor(parts: RelayParts) {
    const { deps, sender, lease } = parts;
    this.#parts = parts;
    this.appNum = sender.app.num;
    this.tokenId = sender.token.id;
    this.#shield = new KeyShield(lease.authorization()?.value.slice('Bearer '.length) ?? 'no key');
    this.#session = parts.open(this);
    this.#slot = deps.live.add(this);
    this.#listen();
  }

  get generation(): number {
    return this.#parts.lease.generation;
  }

  get openHolds(): readonly OpenHold[] {
    return this.#session.openHolds;
  }

  get isBusy(): boolean {
    return this.#session.isBusy;
  }

  get isOpen(): boolean {
    return this.#state === 'open' || this.#state === 'finishing';
  }

  /** Sends a frame to OpenAI. False when the way there is closed: then no byte of it goes out. */
  sendUpstream(frame: Buffer | string): boolean {
    const { upstream, client } = this.#parts;
    if (!this.isOpen || upstream.readyState !== upstream.OPEN) return false;
    upstream.send(frame, { binary: false }, () => {
      if (upstream.bufferedAmount < HIGH_WATER_BYTES && !this.#isReading) resume(client);
    });
    if (upstream.bufferedAmount >= HIGH_WATER_BYTES) client.pause();
    return true;
  }

  sendClient(frame: Buffer | string): void {
    const { client, upstream } = this.#parts;
    if (client.readyState !== client.OPEN) return;
    client.send(frame, { binary: false }, () => {
      if (client.bufferedAmount >= HIGH_WATER_BYTES) return;
      this.#clearStall();
      resume(upstream);
    });
    if (client.bufferedAmount < HIGH_WATER_BYTES) return;
    upstream.pause();
    this.#stall ??= setTimeout(() => client.terminate(), STALL_MS).unref();
  }

  /** Told by the session when a turn has ended; the frame that ended it goes out first. */
  onTurnEnded(): void {
    if (this.#state === 'open' || this.#session.isBusy) return;
    queueMicrotask(() => this.#endIfDone());
  }

  #endIfDone(): void {
    if (this.#session.isBusy) return;
    if (this.#state === 'finishing') this.#close(null, GOING_AWAY, 'the connection is being renewed');
    else if (this.#state === 'draining') this.#close(null, NORMAL, '');
  }

  cut(refusal: Refusal): void {
    this.#close(refusal, POLICY, refusal.code);
  }

  finish(): void {
    if (this.#state !== 'open') return;
    this.#state = 'finishing';
    this.onTurnEnded();
  }

  /** After an unexpected error: both sides are closed, and what is open is settled as cut. */
  breakOff(): void {
    this.#close(refuse('internal_error'), BROKEN, 'internal_error');
  }

  /** Runs a step of this socket's way; what it throws ends this socket and nothing else. */
  guard<Result>(step: () => Result): Result | undefined {
    try {
      return step();
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #listen(): void {
    const { client, clientRaw, upstream, upstreamRaw, place, deps } = this.#parts;
    clientRaw.on('data', (chunk: Buffer) => {
      const refusal = place.takeBytes(chunk.length);
      if (refusal) this.#close(refusal, TOO_MUCH, refusal.code);
    });
    client.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.#close(refuse('binary_frame'), UNSUPPORTED, 'binary_frame');
      else this.#receive(data);
    });
    // The library closes it after an error, with the code that fits.
    client.on('error', () => undefined);
    client.on('close', () => this.#onClientClosed());

    upstream.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) this.guard(() => this.#forward(data));
    });
    upstream.on('close', (code, reason) => this.#onUpstreamClosed(code, reason));
    upstreamRaw.setTimeout(deps.upstream.silentMs);
    upstreamRaw.on('timeout', () => this.#onSilence());
    if (client.readyState !== client.OPEN) this.#onClientClosed();
    else resume(upstream);
  }

  #receive(frame: Buffer): void {
    this.#inbox.push(frame);
    if (this.#isReading) return;
    this.#isReading = true;
    this.#readNext();
  }

  /** One frame after the other: what the first one holds decides about the next. */
  #readNext(): void {
    const { client, place } = this.#parts;
    for (;;) {
      const frame = this.#inbox.shift();
      if (!frame || !this.isOpen) break;
      const done = this.guard(() => this.#session.onClientFrame(frame));
      if (done instanceof Promise) {
        client.pause();
        done
          .catch((error: unknown) => this.#fail(error))
          .finally(() => {
            place.giveBytes(wireBytes(frame.length));
            this.#readNext();
          });
        return;
      }
      place.giveBytes(wireBytes(frame.length));
    }
    this.#isReading = false;
    if (this.#parts.upstream.bufferedAmount < HIGH_WATER_BYTES) resume(client);
  }

  #forward(frame: Buffer): void {
    if (this.#state === 'closed') return;
    const shown = this.#session.onServerFrame(this.#shield.clean(frame));
    if (shown) this.sendClient(shown);
  }

  #onClientClosed(): void {
    this.#clearStall();
    if (!this.isOpen) return;
    const { app } = this.#parts.sender;
    resume(this.#parts.upstream);
    if (app.policy.onAbort === 'drain' && this.#session.isBusy) {
      this.#state = 'draining';
      this.#session.stop();
      return;
    }
    this.#close(null, NORMAL, '');
  }

  #onSilence(): void {
    if (!this.#session.isBusy) return;
    const seconds = Math.round(this.#parts.deps.upstream.silentMs / 1000);
    this.#close(refuse('upstream_timeout', { seconds }), BROKEN, 'upstream_timeout', 'timeout');
  }

  #onUpstreamClosed(code: number, reason: Buffer): void {
    if (this.#state === 'closed') return;
    const { client } = this.#parts;
    // It has closed by itself at the same time, and need not have said all that it had done.
    if (this.#endsAs === 'left' && code !== NORMAL) this.#endsAs = 'unheard';
    if (this.#state !== 'closing') {
      const refusal = this.#session.isBusy
        ? refuse('upstream_broken', { problem: `it closed the WebSocket (${code})` })
        : null;
      this.guard(() => this.#session.stop());
      if (refusal) this.sendClient(this.#session.refusalFrame(refusal));
      const text = this.#shield.clean(reason).toString('utf8');
      client.close(...closeFrame(code, text));
    }
    this.#end();
  }

  /** Closes both sides; `refusal` is what the client is told before. */
  #close(refusal: Refusal | null, code: number, reason: string, endsAs: SocketEnd = 'left'): void {
    if (this.#state === 'closing' || this.#state === 'closed') return;
    const { client, upstream } = this.#parts;
    this.#state = 'closing';
    this.#endsAs = endsAs;
    this.#clearStall();
    this.guard(() => this.#session.stop());
    if (refusal) this.sendClient(this.#session.refusalFrame(refusal));
    if (client.readyState === client.OPEN) client.close(code, reason);
    resume(client);
    resume(upstream);
    upstream.close(NORMAL);
    this.#closing = setTimeout(() => {
      if (this.#endsAs === 'left') this.#endsAs = 'unheard';
      upstream.terminate();
    }, CLOSE_MS);
  }

  #end(): void {
    const { deps, lease, place, client, upstreamRaw } = this.#parts;
    this.#state = 'closed';
    if (this.#closing) clearTimeout(this.#closing);
    this.#clearStall();
    upstreamRaw.setTimeout(0);
    this.guard(() => this.#session.end(this.#endsAs));
    lease.release();
    place.leave();
    deps.live.remove(this.#slot);
    // A client that does not answer the closing handshake.
    if (client.readyState !== client.CLOSED) {
      const late = setTimeout(() => client.terminate(), CLOSE_MS).unref();
      client.once('close', () => clearTimeout(late));
    }
  }

  #fail(error: unknown): void {
    this.#parts.deps.onError(error, '');
    this.breakOff();
  }

  #clearStall(): void {
    if (this.#stall) clearTimeout(this.#stall);
    this.#stall = null;
  }
}

function resume(socket: WebSocket): void {
  if (socket.isPaused) socket.resume();
}

/** A close frame that may be sent: codes that stand for no frame at all become one that can. */
function closeFrame(code: number, reason: string): [code: number, reason: string] {
  const isSendable = (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || code >= 3000;
  if (code === 1005) return [NORMAL, ''];
  return isSendable ? [code, reason] : [BROKEN, 'the connection to OpenAI broke off'];
}
