import { type Accountant, partyScope } from '../admission/accountant.ts';
import type { Calendar } from '../admission/calendar.ts';
import type { LimitRule } from '../admission/scope.ts';
import { type LimitSpec, WINDOWS, type Window } from '../contract/limits.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Party } from '../ledger/party-counters.ts';
import type { App } from '../ledger/registry.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Each has counters for six windows, some two kilobytes. */
const MAX_PARTIES = 10_000;
/** Beyond the time a request may wait: whoever has asked for a party has long been decided on. */
const SETTLING_MS = 60_000;

interface OpenParty {
  /** The app's own array: a changed policy has another one. */
  readonly specs: readonly LimitSpec[];
  /** Null once the counters are there. */
  loading: Promise<void> | null;
  usedMs: number;
}

/**
 * Budgets of the end users and client addresses of apps. There can be many, so each is read from the
 * ledger when it first appears, and forgotten when others need its place and nothing of it is under way.
 */
export class PartyScopes {
  readonly #accountant: Accountant;
  readonly #calendar: Calendar;
  readonly #journal: Journal;
  readonly #unusedMs: number;
  /** By scope name, the longest unused first. */
  readonly #open = new Map<string, OpenParty>();

  constructor(accountant: Accountant, calendar: Calendar, journal: Journal, queueMs: number) {
    this.#unusedMs = queueMs + SETTLING_MS;
    this.#accountant = accountant;
    this.#calendar = calendar;
    this.#journal = journal;
  }

  /**
   * Makes sure that the budgets of a request's parties are in memory. Resolves to the names of their
   * scopes, or to a refusal; at once where there is nothing to read.
   */
  prepare(
    app: App,
    parties: Readonly<Record<Party['kind'], string>>,
    monotonicMs: number,
  ): readonly string[] | Refusal | Promise<readonly string[] | Refusal> {
    const { perUser, perIp } = app.policy;
    const wanted = [
      ...(perUser.length > 0 ? [this.#ready(app, 'user', parties.user, perUser, monotonicMs)] : []),
      ...(perIp.length > 0 ? [this.#ready(app, 'address', parties.address, perIp, monotonicMs)] : []),
    ];
    const names = wanted.map(({ scope }) => scope);
    if (wanted.some(({ party }) => party === null)) return refuse('overloaded', { what: 'end users' });
    const loading = wanted.flatMap(({ party }) => party?.loading ?? []);
    if (loading.length === 0) return names;
    return Promise.all(loading).then(
      () => names,
      () => refuse('ledger_unavailable'),
    );
  }

  #ready(
    app: App,
    kind: Party['kind'],
    name: string,
    specs: readonly LimitSpec[],
    monotonicMs: number,
  ): { scope: string; party: OpenParty | null } {
    const scope = partyScope(app.id, kind, name);
    const known = this.#open.get(scope);
    this.#open.delete(scope);
    if (known && known.specs === specs) {
      this.#open.set(scope, known);
      known.usedMs = monotonicMs;
      return { scope, party: known };
    }
    if (this.#open.size >= MAX_PARTIES && !this.#forgetOne(monotonicMs)) return { scope, party: null };
    const party: OpenParty = { specs, loading: null, usedMs: monotonicMs };
    this.#open.set(scope, party);
    party.loading = this.#load(scope, { appNum: app.num, kind, name }, party).catch((error: unknown) => {
      if (this.#open.get(scope) === party) this.#open.delete(scope);
      throw error;
    });
    return { scope, party };
  }

  async #load(scope: string, party: Party, open: OpenParty): Promise<void> {
    const nowMs = this.#accountant.tick(0);
    const starts = WINDOWS.map((window) => [window, this.#calendar.bounds(window, nowMs).startMs] as const);
    const startMs = Object.fromEntries(starts) as Record<Window, number>;
    const settled = await this.#journal.call('partySums', { ...party, startMs });
    if (this.#open.get(scope) !== open) return;
    // A changed policy counts anew: what was under way is in the sums, at its bound.
    this.#accountant.closeScope(scope);
    this.#accountant.openScope(scope, open.specs.map(toRule), settled);
    open.loading = null;
  }

  #forgetOne(monotonicMs: number): boolean {
    for (const [scope, party] of this.#open) {
      if (monotonicMs - party.usedMs < this.#unusedMs) return false;
      if (party.loading !== null || !this.#accountant.isIdle(scope)) continue;
      this.#accountant.closeScope(scope);
      this.#open.delete(scope);
      return true;
    }
    return false;
  }
}

/** Limits of parties are part of a policy and have no row of their own in the ledger. */
function toRule(spec: LimitSpec): LimitRule {
  return { ...spec, id: 0, enforce: 'hard' };
}
