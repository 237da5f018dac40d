import type { App } from '../../ledger/registry.ts';
import type { AppTraffic } from '../app-traffic.ts';
import { type Refusal, refuse } from '../refusal.ts';

/** OpenAI itself allows a project some hundred at once; a program needs a few. */
export const MAX_SOCKETS = 400;
export const MAX_SOCKETS_PER_APP = 100;

/** A socket's place among the open ones, and what it has in memory; give it back with `leave`. */
export class SocketPlace {
  readonly #places: SocketPlaces;
  readonly #traffic: AppTraffic;
  readonly #appNum: number;
  #bytes = 0;
  #left = false;

  constructor(places: SocketPlaces, traffic: AppTraffic, appNum: number) {
    this.#places = places;
    this.#traffic = traffic;
    this.#appNum = appNum;
  }

  /** Bytes that have arrived of a frame; they count like those of request bodies. */
  takeBytes(bytes: number): Refusal | null {
    const refusal = this.#traffic.takeBytes(this.#appNum, this.#bytes, bytes);
    if (!refusal) this.#bytes += bytes;
    return refusal;
  }

  giveBytes(bytes: number): void {
    const given = Math.min(bytes, this.#bytes);
    this.#bytes -= given;
    this.#traffic.giveBytes(this.#appNum, given);
  }

  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.giveBytes(this.#bytes);
    this.#places.leave(this.#appNum);
  }
}

/** Counts open sockets, in all and for each app, so that no app takes them all. */
export class SocketPlaces {
  readonly #traffic: AppTraffic;
  readonly #byApp = new Map<number, number>();
  #open = 0;

  constructor(traffic: AppTraffic) {
    this.#traffic = traffic;
  }

  enter({ num, name, policy, mode }: App): SocketPlace | Refusal {
    const own = this.#byApp.get(num) ?? 0;
    // More sockets than requests that may be under way are of no use to anybody.
    const concurrency = mode === 'observe' ? null : policy.concurrency;
    const most = Math.min(MAX_SOCKETS_PER_APP, concurrency ?? MAX_SOCKETS_PER_APP);
    if (this.#open >= MAX_SOCKETS) return refuse('overloaded', { what: 'WebSockets' });
    if (own >= most) {
      const problem = `App "${name}" already has ${most} WebSockets open`;
      return refuse('concurrency_limited', { problem }, { retryAfterMs: 1_000 });
    }
    this.#open += 1;
    this.#byApp.set(num, own + 1);
    return new SocketPlace(this, this.#traffic, num);
  }

  leave(appNum: number): void {
    this.#open -= 1;
    const left = (this.#byApp.get(appNum) ?? 1) - 1;
    if (left > 0) this.#byApp.set(appNum, left);
    else this.#byApp.delete(appNum);
  }
}
