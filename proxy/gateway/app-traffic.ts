import { RateLimiter } from '../admission/rate-limiter.ts';
import type { App } from '../ledger/registry.ts';
import { type Refusal, refuse } from './refusal.ts';

/** How much may be under way at once, in all and for one app, so that no app starves another. */
export interface TrafficLimits {
  readonly maxInFlight: number;
  readonly maxInFlightPerApp: number;
  readonly maxBodyBytes: number;
  readonly maxBodyBytesPerApp: number;
  readonly maxBodyBytesTotal: number;
}

const MIB = 1024 * 1024;

export const TRAFFIC_LIMITS: TrafficLimits = {
  maxInFlight: 4_000,
  maxInFlightPerApp: 2_000,
  maxBodyBytes: 64 * MIB,
  maxBodyBytesPerApp: 160 * MIB,
  maxBodyBytesTotal: 256 * MIB,
};

/** Tokens of a request that nobody has counted yet: about four bytes of JSON each. */
const BYTES_PER_TOKEN = 4;

interface AppState {
  inFlight: number;
  bodyBytes: number;
  rpm: RateLimiter | null;
  tpm: RateLimiter | null;
}

/** A request's place among those in flight; give it back with `leave`. */
export class Place {
  readonly app: App;
  readonly #traffic: AppTraffic;
  #bodyBytes = 0;
  #tokens = 0;
  #left = false;

  constructor(app: App, traffic: AppTraffic) {
    this.app = app;
    this.#traffic = traffic;
  }

  /** Takes bytes for the request body; a refusal when the request, the app or the engine has too many. */
  takeBytes(bytes: number): Refusal | null {
    const refusal = this.#traffic.takeBytes(this.app.num, this.#bodyBytes, bytes);
    if (!refusal) this.#bodyBytes += bytes;
    return refusal;
  }

  /** Gives bytes back before the request has ended. */
  giveBytes(bytes: number): void {
    const given = Math.min(bytes, this.#bodyBytes);
    this.#bodyBytes -= given;
    this.#traffic.giveBytes(this.app.num, given);
  }

  /**
   * Takes model tokens from the app's rate: an estimate, put right by {@link correctTokens}. As OpenAI
   * does it, an output maximum of the client's counts as used.
   */
  takeTokens(bodyBytes: number, clientMaxOutput: number | null, monotonicMs: number): Refusal | null {
    const tokens = Math.ceil(bodyBytes / BYTES_PER_TOKEN) + (clientMaxOutput ?? 0);
    const refusal = this.#traffic.takeTokens(this.app, tokens, monotonicMs);
    if (!refusal) this.#tokens = tokens;
    return refusal;
  }

  correctTokens(used: number, monotonicMs: number): void {
    this.#traffic.correctTokens(this.app.num, used, this.#tokens, monotonicMs);
  }

  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#traffic.leave(this.app.num, this.#bodyBytes);
  }
}

/** Counts what each app has under way and how fast it asks. */
export class AppTraffic {
  readonly #limits: TrafficLimits;
  readonly #states = new Map<number, AppState>();
  #inFlight = 0;
  #bodyBytes = 0;

  constructor(limits: TrafficLimits = TRAFFIC_LIMITS) {
    this.#limits = limits;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get maxBodyBytes(): number {
    return this.#limits.maxBodyBytes;
  }

  enter(app: App, monotonicMs: number): Place | Refusal {
    const state = this.#state(app);
    const { concurrency, rpm } = app.policy;
    if (this.#inFlight >= this.#limits.maxInFlight) return refuse('overloaded', { what: 'requests' });
    // An observing app is told of nothing it could cross, but not allowed to starve the others.
    const own = app.mode === 'observe' ? null : concurrency;
    const most = Math.min(own ?? Number.POSITIVE_INFINITY, this.#limits.maxInFlightPerApp);
    if (state.inFlight >= most) {
      const requests = most === 1 ? 'request' : 'requests';
      const problem = `App "${app.name}" already has ${most} ${requests} in flight`;
      return refuse('concurrency_limited', { problem }, { retryAfterMs: 1_000 });
    }
    const rate = state.rpm?.take(1, monotonicMs);
    if (rate && !rate.allowed && app.mode === 'enforce') {
      const problem = `App "${app.name}" may send ${rpm} requests per minute`;
      return refuse('rate_limited', { problem }, { retryAfterMs: rate.retryAfterMs });
    }
    state.inFlight += 1;
    this.#inFlight += 1;
    return new Place(app, this);
  }

  takeBytes(appNum: number, before: number, bytes: number): Refusal | null {
    const limits = this.#limits;
    if (before + bytes > limits.maxBodyBytes) {
      return refuse('body_too_large', { maxMb: Math.floor(limits.maxBodyBytes / MIB) });
    }
    const state = this.#stateOf(appNum);
    if (
      state.bodyBytes + bytes > limits.maxBodyBytesPerApp ||
      this.#bodyBytes + bytes > limits.maxBodyBytesTotal
    ) {
      return refuse('overloaded', { what: 'bytes of request bodies' });
    }
    state.bodyBytes += bytes;
    this.#bodyBytes += bytes;
    return null;
  }

  giveBytes(appNum: number, bytes: number): void {
    this.#bodyBytes -= bytes;
    const state = this.#states.get(appNum);
    if (state) state.bodyBytes -= bytes;
  }

  takeTokens(app: App, tokens: number, monotonicMs: number): Refusal | null {
    const rate = this.#state(app).tpm?.take(tokens, monotonicMs);
    if (!rate || rate.allowed) return null;
    const problem = `App "${app.name}" may use ${app.policy.tpm} model tokens per minute`;
    return refuse('rate_limited', { problem }, { type: 'tokens', retryAfterMs: rate.retryAfterMs });
  }

  correctTokens(appNum: number, used: number, estimated: number, monotonicMs: number): void {
    const tpm = this.#states.get(appNum)?.tpm;
    if (tpm) tpm.correct(used - Math.min(estimated, tpm.perMinute), monotonicMs);
  }

  leave(appNum: number, bodyBytes: number): void {
    this.#inFlight -= 1;
    this.#bodyBytes -= bodyBytes;
    const state = this.#states.get(appNum);
    if (!state) return;
    state.inFlight -= 1;
    state.bodyBytes -= bodyBytes;
  }

  #state(app: App): AppState {
    const state = this.#stateOf(app.num);
    const { rpm, tpm } = app.policy;
    // A changed rate begins with a full bucket; an unchanged one keeps what it has counted.
    if (rpm !== (state.rpm?.perMinute ?? null)) state.rpm = rpm === null ? null : new RateLimiter(rpm);
    if (tpm !== (state.tpm?.perMinute ?? null)) state.tpm = tpm === null ? null : new RateLimiter(tpm);
    return state;
  }

  #stateOf(appNum: number): AppState {
    const known = this.#states.get(appNum);
    if (known) return known;
    const state = { inFlight: 0, bodyBytes: 0, rpm: null, tpm: null };
    this.#states.set(appNum, state);
    return state;
  }
}
