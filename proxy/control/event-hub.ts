import { randomBytes } from 'node:crypto';
import { withEventMeta } from '@orpc/server';
import { appScope, KEY_SCOPE } from '../admission/accountant.ts';
import type { EventKind } from '../contract/event-words.ts';
import type { ControlEvent } from '../contract/events.ts';
import type { ControlDeps, ControlSignal } from './control-deps.ts';
import { EventRing } from './event-ring.ts';
import { nowOf } from './instants.ts';
import {
  alertView,
  appLimits,
  engineStatus,
  limitViews,
  openHoldViews,
  requestView,
  spentOf,
} from './views.ts';

/** What happens within this time is told together. */
const BEAT_MS = 250;
/** Budgets are told of at most this often. */
const SPEND_MS = 1_000;
const HEARTBEAT_MS = 15_000;
/** Listening goes on for so long after the last follower has left, in case it comes back. */
const LINGER_MS = 60_000;
/** More requests than this in a beat are not shown one by one. */
const MAX_REQUESTS = 100;

/**
 * Turns what happens in the engine into events for all followers together: however many windows are open,
 * the ledger is asked once a beat. Idle without followers.
 */
export class EventHub {
  readonly #deps: ControlDeps;
  readonly #ring = new EventRing();
  /** Tells the events of this engine from those of another one. */
  readonly #epoch = randomBytes(6).toString('hex');
  readonly #wakes = new Set<() => void>();
  readonly #seqs = new Set<number>();
  readonly #apps = new Set<number>();
  #others: ControlSignal[] = [];
  #followers = 0;
  #stopListening: (() => void) | null = null;
  #beat: NodeJS.Timeout | null = null;
  #linger: NodeJS.Timeout | null = null;
  #heartbeat: NodeJS.Timeout | null = null;
  #toldSpendMs = 0;

  constructor(deps: ControlDeps) {
    this.#deps = deps;
  }

  /**
   * Events until the signal aborts. The first is the state of the engine; with `lastEventId` those that
   * came since it are told, or a `resync` where they are gone.
   */
  async *follow(
    kinds: readonly EventKind[] | undefined,
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<ControlEvent> {
    this.#enter();
    let wake = (): void => undefined;
    const onWake = (): void => wake();
    this.#wakes.add(onWake);
    signal.addEventListener('abort', onWake);
    try {
      let seen = this.#ring.last;
      const resume = this.#numberOf(lastEventId);
      const missed = typeof resume === 'number' ? this.#ring.after(resume) : null;
      if (typeof resume === 'number' && missed) seen = resume;
      else if (resume !== null) {
        yield this.#marked({ kind: 'resync', why: resume === 'foreign' ? 'restarted' : 'gap' }, seen);
      }
      if (!missed) yield this.#marked({ kind: 'engine', status: await engineStatus(this.#deps) }, seen);
      while (!signal.aborted) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const next = this.#ring.after(seen);
        if (next === null) {
          seen = this.#ring.last;
          yield this.#marked({ kind: 'resync', why: 'gap' }, seen);
          continue;
        }
        for (const { number, event } of next) {
          seen = number;
          if (isWanted(event, kinds)) yield this.#marked(event, number);
          if (signal.aborted) return;
        }
        if (next.length === 0) await woken;
      }
    } finally {
      signal.removeEventListener('abort', onWake);
      this.#wakes.delete(onWake);
      this.#leave();
    }
  }

  close(): void {
    this.#stop();
    for (const wake of this.#wakes) wake();
  }

  #marked(event: ControlEvent, number: number): ControlEvent {
    return withEventMeta({ ...event }, { id: `${this.#epoch}-${number}` });
  }

  #numberOf(lastEventId: string | undefined): number | 'foreign' | null {
    if (lastEventId === undefined) return null;
    const [epoch, number = ''] = lastEventId.split('-', 2);
    return epoch === this.#epoch && /^\d{1,15}$/.test(number) ? Number(number) : 'foreign';
  }

  #enter(): void {
    this.#followers += 1;
    if (this.#linger) clearTimeout(this.#linger);
    this.#linger = null;
    this.#stopListening ??= this.#deps.signals.listen((signal) => this.#onSignal(signal));
    this.#heartbeat ??= setInterval(() => this.#onHeartbeat(), HEARTBEAT_MS).unref();
  }

  #leave(): void {
    this.#followers -= 1;
    if (this.#followers > 0) return;
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    this.#heartbeat = null;
    this.#linger = setTimeout(() => this.#stop(), LINGER_MS).unref();
  }

  #stop(): void {
    this.#stopListening?.();
    this.#stopListening = null;
    for (const timer of [this.#beat, this.#linger]) if (timer) clearTimeout(timer);
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    this.#beat = null;
    this.#linger = null;
    this.#heartbeat = null;
    this.#seqs.clear();
    this.#apps.clear();
    this.#others = [];
    this.#ring.breakOff();
  }

  #onSignal(signal: ControlSignal): void {
    if (signal.kind === 'request') {
      this.#apps.add(signal.appNum);
      // The latest of a burst; a Set keeps the order in which they came.
      this.#seqs.delete(signal.seq);
      this.#seqs.add(signal.seq);
    } else this.#others.push(signal);
    this.#beat ??= setTimeout(() => void this.#onBeat(), BEAT_MS);
  }

  #onHeartbeat(): void {
    this.#deps.sessions.dropEnded();
    this.#push({ kind: 'heartbeat', at: this.#deps.calendar.format(nowOf(this.#deps)) });
  }

  async #onBeat(): Promise<void> {
    const seqs = [...this.#seqs];
    this.#seqs.clear();
    const others = this.#others;
    this.#others = [];
    try {
      for (const event of otherEvents(this.#deps, others)) this.#push(event);
      if (others.some(({ kind }) => kind === 'engine')) {
        this.#push({ kind: 'engine', status: await engineStatus(this.#deps) });
      }
      if (seqs.length > 0) this.#push(await this.#requestsEvent(seqs));
      const nowMs = performance.now();
      if (this.#apps.size > 0 && nowMs - this.#toldSpendMs >= SPEND_MS) {
        this.#toldSpendMs = nowMs;
        this.#push(this.#spendEvent());
      }
    } catch (error) {
      this.#deps.onError(error);
      // What it was about is not told any more; whoever follows must read again.
      this.#ring.breakOff();
      for (const wake of this.#wakes) wake();
    }
    const goesOn = this.#seqs.size > 0 || this.#others.length > 0 || this.#apps.size > 0;
    this.#beat = this.#stopListening && goesOn ? setTimeout(() => void this.#onBeat(), BEAT_MS) : null;
  }

  async #requestsEvent(seqs: readonly number[]): Promise<ControlEvent> {
    const shown = seqs.slice(-MAX_REQUESTS);
    await this.#deps.journal.flush();
    const rows = await this.#deps.reports.query('requestsBySeq', shown);
    const requests = rows.map((row) => requestView(this.#deps, row));
    return { kind: 'requests', requests, skipped: seqs.length - shown.length };
  }

  #spendEvent(): ControlEvent {
    const deps = this.#deps;
    const apps = [...this.#apps].flatMap((num) => deps.registry.apps.find((app) => app.num === num) ?? []);
    this.#apps.clear();
    const ofKey = limitViews(deps, KEY_SCOPE).map((limit) => ({ ...limit, app: null, appId: null }));
    const seen = (num: number): string | null => {
      const atMs = deps.activity.ofApp(num);
      return atMs === null ? null : new Date(atMs).toISOString();
    };
    return {
      kind: 'spend',
      at: deps.calendar.format(nowOf(deps)),
      ...deps.traffic(),
      heldNanoUsd: openHoldViews(deps).reduce((sum, hold) => sum + (hold.holdNanoUsd ?? 0), 0),
      total: spentOf(deps, KEY_SCOPE),
      limits: [...ofKey, ...apps.flatMap((app) => appLimits(deps, app))],
      apps: apps.map((app) => ({
        id: app.id,
        spent: spentOf(deps, appScope(app.id)),
        lastSeenAt: seen(app.num),
      })),
    };
  }

  #push(event: ControlEvent): void {
    this.#ring.push(event);
    for (const wake of this.#wakes) wake();
  }
}

/** Alerts one by one, and each change once. */
function otherEvents(deps: ControlDeps, signals: readonly ControlSignal[]): ControlEvent[] {
  const events = new Map<string, ControlEvent>();
  for (const signal of signals) {
    if (signal.kind === 'alert') {
      const { alert, isNew } = signal;
      const openAlerts = deps.alerting.desk.open;
      const before = events.get(`alert ${alert.id}`);
      const wasNew = before?.kind === 'alert' && before.isNew;
      events.set(`alert ${alert.id}`, {
        kind: 'alert',
        alert: alertView(alert),
        isNew: isNew || wasNew,
        openAlerts,
      });
    } else if (signal.kind === 'changed') {
      const { what, appId } = signal;
      events.set(`changed ${what} ${appId ?? ''}`, { kind: 'changed', what, appId });
    }
  }
  return [...events.values()];
}

const ALWAYS: ReadonlySet<EventKind> = new Set(['engine', 'resync', 'heartbeat']);

function isWanted(event: ControlEvent, kinds: readonly EventKind[] | undefined): boolean {
  return kinds === undefined || ALWAYS.has(event.kind) || kinds.includes(event.kind);
}
