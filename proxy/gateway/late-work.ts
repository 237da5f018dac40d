import type { Hold } from '../admission/accountant.ts';
import { problemOf } from '../contract/errors.ts';
import type { LateKind } from '../ledger/entries.ts';
import type { LateRecord } from '../ledger/object-rows.ts';
import type { App } from '../ledger/registry.ts';
import { askUpstream } from './ask-upstream.ts';
import { bookEnd } from './book-end.ts';
import { settlingOf } from './bound-spending.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import type { RequestFacts } from './inspect/request-facts.ts';
import { contextAfter } from './note-context.ts';
import { describeHold, type OpenHold } from './open-holds.ts';
import type { ContextAddition } from './owned-objects.ts';
import { type LateDetail, type LateOutcome, lateDetailOf, rowOf, settleLate } from './settle-late.ts';
import { type Charge, chargeBound } from './settlement.ts';
import type { Admitted, SpendingRequest } from './spending-request.ts';

/** How often OpenAI is asked how far an object is, in milliseconds: less and less often. */
export interface LatePolling {
  readonly firstMs: number;
  readonly mostMs: number;
}

export const LATE_POLLING: Readonly<Record<LateKind, LatePolling>> = {
  response: { firstMs: 1_000, mostMs: 15_000 },
  batch: { firstMs: 5_000, mostMs: 60_000 },
};

const SLOWER = 1.5;
/** OpenAI ends both long before; what it does not end by then is charged at its bound. */
const GIVE_UP_MS: Readonly<Record<LateKind, number>> = {
  response: 24 * 3_600_000,
  batch: 7 * 24 * 3_600_000,
};

/** One open hold whose request has ended, and the object at OpenAI that it waits for. */
interface LateItem {
  readonly seq: number;
  readonly kind: LateKind;
  readonly objectId: string;
  readonly hold: Hold;
  readonly app: App;
  /** Null where its token ends without anything being wrong: that of a run. */
  readonly tokenId: number | null;
  readonly endpoint: string;
  readonly model: string;
  readonly user: string | null;
  readonly observed: string | null;
  readonly detail: LateDetail;
  /** The conversation that it goes on adding to. */
  readonly addition: ContextAddition | null;
  /** Whether OpenAI was told by us to delete it. */
  isDeleted: boolean;
  /** Whether OpenAI did not know it when it was asked last. */
  wasMissing: boolean;
  delayMs: number;
  timer: NodeJS.Timeout | null;
  isAsking: boolean;
  /** Asked to be looked at again at once, while it was being looked at. */
  isPoked: boolean;
}

export interface OpenLateHold {
  readonly record: LateRecord;
  readonly hold: Hold;
  readonly app: App;
}

/**
 * Work that OpenAI goes on with after its request has been answered: background responses and batches.
 * Their hold stays open, through restarts, until OpenAI tells what they cost; nobody else need ask.
 */
export class LateWork {
  readonly #deps: () => GatewayDeps;
  readonly #polling: Readonly<Record<LateKind, LatePolling>>;
  readonly #items = new Map<string, LateItem>();
  #closed = false;

  /** `deps` is called when something is to be done: the two know each other. */
  constructor(deps: () => GatewayDeps, polling: Readonly<Record<LateKind, LatePolling>> = LATE_POLLING) {
    this.#deps = deps;
    this.#polling = polling;
  }

  /** Takes the hold of a request over. */
  take(
    request: SpendingRequest,
    admitted: Admitted,
    facts: RequestFacts,
    kind: LateKind,
    objectId: string,
  ): void {
    const { deps, sender } = request;
    const detail = lateDetailOf(admitted, facts, settlingOf(request, facts));
    deps.journal.append({
      kind: 'late',
      seq: admitted.seq,
      lateKind: kind,
      objectId,
      detail: JSON.stringify(detail),
    });
    this.#add({
      seq: admitted.seq,
      kind,
      objectId,
      hold: admitted.hold,
      app: sender.app,
      tokenId: sender.token.kind === 'run' ? null : sender.token.id,
      endpoint: request.endpoint,
      model: facts.model,
      user: facts.user,
      observed: admitted.observed,
      detail,
      addition: request.addition,
    });
  }

  /** Goes on with what an engine before this one has left open. */
  restore(holds: readonly OpenLateHold[]): void {
    const { objects, accountant } = this.#deps();
    for (const { record, hold, app } of holds) {
      const detail = JSON.parse(record.detail) as LateDetail;
      const { addsTo } = detail;
      this.#add({
        seq: record.seq,
        kind: record.kind,
        objectId: record.objectId,
        hold,
        app,
        tokenId: record.tokenId,
        endpoint: record.route,
        model: record.model,
        user: record.user,
        observed: null,
        detail,
        addition: addsTo === null ? null : objects.beginAddition(addsTo, accountant.tick(0)),
      });
    }
  }

  get size(): number {
    return this.#items.size;
  }

  get openHolds(): OpenHold[] {
    return [...this.#items.values()].map((item) =>
      describeHold(item.hold, { ...item, state: item.kind === 'batch' ? 'batch' : 'background' }),
    );
  }

  /** Somebody has just looked at the object, or has stopped it: it may have ended. */
  poke(objectId: string, isDeleted = false): void {
    const item = this.#items.get(objectId);
    if (!item) return;
    item.isDeleted ||= isDeleted;
    item.delayMs = this.#polling[item.kind].firstMs;
    if (item.isAsking) item.isPoked = true;
    else this.#schedule(item, 0);
  }

  /** Stops what an app, or one of its tokens, has going on at OpenAI. */
  cancel(which: (work: CancelledWork) => boolean): void {
    for (const item of this.#items.values()) {
      const { app, tokenId, objectId } = item;
      if (which({ appNum: app.num, tokenId, objectId })) void this.#cancel(item);
    }
  }

  /** Stops asking; what is open stays open in the ledger. */
  close(): void {
    this.#closed = true;
    for (const { timer } of this.#items.values()) if (timer) clearTimeout(timer);
  }

  #add(item: Omit<LateItem, 'delayMs' | keyof typeof FRESH>): void {
    const { firstMs } = this.#polling[item.kind];
    const added: LateItem = { ...item, ...FRESH, delayMs: firstMs };
    this.#items.set(item.objectId, added);
    this.#schedule(added, firstMs);
  }

  #schedule(item: LateItem, delayMs: number): void {
    if (this.#closed) return;
    if (item.timer) clearTimeout(item.timer);
    item.timer = setTimeout(() => void this.#look(item), delayMs);
    item.timer.unref();
  }

  async #look(item: LateItem): Promise<void> {
    const deps = this.#deps();
    item.isAsking = true;
    try {
      await this.#settle(deps, item);
    } catch (error) {
      // The network, or a key that is not there just now: the hold waits.
      deps.onLateProblem(item.objectId, problemOf(error));
    }
    item.isAsking = false;
    if (!this.#items.has(item.objectId)) return;
    item.delayMs = Math.min(item.delayMs * SLOWER, this.#polling[item.kind].mostMs);
    this.#schedule(item, item.isPoked ? 0 : item.delayMs);
    item.isPoked = false;
  }

  async #settle(deps: GatewayDeps, item: LateItem): Promise<void> {
    const ageMs = deps.accountant.tick(deps.now()) - item.hold.atMs;
    const charge = chargeOf(item, await settleLate(deps, { ...item, ageMs }), ageMs);
    if (!charge || this.#closed || !this.#items.delete(item.objectId)) return;
    this.#noteContext(deps, item, charge);
    bookEnd(deps, { ...item, status: 200, durationMs: ageMs, firstByteMs: null, upstreamId: null }, charge);
  }

  #noteContext(deps: GatewayDeps, { addition, detail }: LateItem, charge: Charge): void {
    if (!addition) return;
    const known = contextAfter(charge, rowOf(deps, { detail }));
    deps.objects.endAddition(addition, known, deps.accountant.tick(deps.now()));
  }

  async #cancel(item: LateItem): Promise<void> {
    const deps = this.#deps();
    const lease = deps.keys.lease();
    const authorization = lease?.authorization();
    try {
      if (!authorization) return;
      const family = item.kind === 'batch' ? 'batches' : 'responses';
      const path = `/${family}/${item.objectId}/cancel`;
      await askUpstream(deps.upstream, { method: 'POST', path, authorization: authorization.value });
    } catch (error) {
      deps.onLateProblem(item.objectId, problemOf(error));
    } finally {
      lease?.release();
      this.poke(item.objectId);
    }
  }
}

/** What tells late work that is to be stopped from the rest. */
interface CancelledWork {
  readonly appNum: number;
  readonly tokenId: number | null;
  readonly objectId: string;
}

const FRESH = {
  isDeleted: false,
  wasMissing: false,
  timer: null as NodeJS.Timeout | null,
  isAsking: false,
  isPoked: false,
};

/** Null where it is to be asked about again. */
function chargeOf(item: LateItem, outcome: LateOutcome, ageMs: number): Charge | null {
  if (outcome === 'missing') {
    // It may have been deleted this moment, whose answer is still on its way. What nobody here has deleted
    // can go on where it cannot be seen any more.
    if (item.wasMissing) return chargeBound(heldBy(item.hold), 'object_missing');
    item.wasMissing = true;
    return null;
  }
  item.wasMissing = false;
  if (outcome) return outcome;
  return ageMs > GIVE_UP_MS[item.kind] ? chargeBound(heldBy(item.hold), 'never_ended') : null;
}

function heldBy(hold: Hold) {
  const { inputTokens, outputTokens } = hold.amounts;
  return { nanoUsd: hold.boundNanoUsd, inputTokens, outputTokens };
}
