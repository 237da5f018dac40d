import type { NewLimit } from '../contract/apps.ts';
import type { Journal } from './journal.ts';
import type {
  AppChange,
  AppRecord,
  LimitKey,
  LimitRaiseChange,
  LimitRecord,
  NewApp,
  NewToken,
  ThresholdChange,
  TokenRecord,
} from './records.ts';

/** An app as the engine uses it; replaced as a whole when it changes. */
export interface App extends AppRecord {
  readonly limits: readonly LimitRecord[];
}

/** A token that may be used now; `expiresAtMs` is checked at each use. */
export interface LiveToken {
  readonly id: number;
  readonly appNum: number;
  readonly kind: 'app' | 'run';
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly label: string | null;
}

/** Everything is refused since `sinceMs`, until `untilMs` or until somebody resumes. */
export interface PausedAll {
  readonly sinceMs: number;
  readonly untilMs: number | null;
}

/** Told after a change is durable and in memory. */
export interface RegistryListener {
  onApp(app: App): void;
  onAppRemoved(app: App): void;
  onTokensRevoked(tokenIds: readonly number[]): void;
  onKeyLimits(limits: readonly LimitRecord[]): void;
}

/**
 * Apps, tokens and limits in memory, for decisions without a query. Every change goes through the
 * journal first and is applied when it is durable.
 */
export class Registry {
  readonly #journal: Journal;
  readonly #apps = new Map<number, App>();
  readonly #byName = new Map<string, App>();
  readonly #tokens = new Map<string, LiveToken>();
  readonly #listeners: RegistryListener[] = [];
  #keyLimits: readonly LimitRecord[] = [];
  #pausedAll: PausedAll | null = null;
  #version = 0;

  constructor(
    journal: Journal,
    loaded: {
      readonly apps: readonly AppRecord[];
      readonly tokens: readonly TokenRecord[];
      readonly limits: readonly LimitRecord[];
    },
  ) {
    this.#journal = journal;
    for (const app of loaded.apps) {
      this.#put({ ...app, limits: loaded.limits.filter((limit) => limit.appNum === app.num) });
    }
    for (const token of loaded.tokens) this.#putToken(token);
    this.#keyLimits = loaded.limits.filter((limit) => limit.appNum === null);
  }

  listen(listener: RegistryListener): void {
    this.#listeners.push(listener);
  }

  /** Rises with every change of an app or a token: what was looked up before may no longer hold. */
  get version(): number {
    return this.#version;
  }

  get apps(): readonly App[] {
    return [...this.#apps.values()];
  }

  get keyLimits(): readonly LimitRecord[] {
    return this.#keyLimits;
  }

  /** As requests meet it: paused while everything is. {@link findApp} and {@link apps} say how it is set. */
  app(num: number): App | null {
    const app = this.#apps.get(num);
    return app ? this.#asMet(app) : null;
  }

  get pausedAll(): PausedAll | null {
    return this.#pausedAll;
  }

  /** Pauses all apps at once, or lets those go on that are not paused themselves. */
  async pauseAll(paused: PausedAll | null): Promise<void> {
    // In memory first: a panic button must not wait for a disk.
    this.restorePause(paused);
    for (const app of this.#apps.values()) this.#tell(this.#asMet(app));
    const value = paused === null ? '' : JSON.stringify(paused);
    await this.#journal.call('setMeta', { key: 'paused_all', value });
  }

  /** Takes up a pause that an engine before this one has left, or drops it; tells nobody. */
  restorePause(paused: PausedAll | null): void {
    this.#version += 1;
    this.#pausedAll = paused;
  }

  /** By name (case-insensitive) or id. */
  findApp(nameOrId: string): App | null {
    const byName = this.#byName.get(nameOrId.toLowerCase());
    return byName ?? this.apps.find((app) => app.id === nameOrId) ?? null;
  }

  /** By the hex of its SHA-256; null for a token that is unknown, revoked or expired. */
  token(hashHex: string, nowMs: number): LiveToken | null {
    const token = this.#tokens.get(hashHex);
    if (!token || (token.expiresAtMs !== null && token.expiresAtMs <= nowMs)) return null;
    return token;
  }

  /** Tokens of an app, those of its runs too. */
  allTokensOf(appNum: number): readonly LiveToken[] {
    return [...this.#tokens.values()].filter((token) => token.appNum === appNum);
  }

  /** Tokens of an app that do not belong to a run. */
  tokensOf(appNum: number): readonly LiveToken[] {
    return [...this.#tokens.values()].filter((token) => token.appNum === appNum && token.kind === 'app');
  }

  allowsOrigin(origin: string): boolean {
    return this.apps.some((app) => app.policy.origins.includes(origin));
  }

  async createApp(app: NewApp): Promise<App> {
    const created = await this.#journal.call('createApp', app);
    const live = { ...created.app, limits: created.limits };
    this.#put(live);
    if (created.token) this.#putToken(created.token);
    this.#tell(this.#asMet(live));
    return live;
  }

  async changeApp(change: AppChange): Promise<App> {
    const changed = await this.#journal.call('changeApp', change);
    const before = this.#apps.get(change.num);
    if (before) this.#byName.delete(before.name.toLowerCase());
    const live = { ...changed.app, limits: changed.limits };
    this.#put(live);
    this.#tell(this.#asMet(live));
    return live;
  }

  async removeApp(app: App, atMs: number): Promise<void> {
    await this.#journal.call('removeApp', { num: app.num, atMs });
    this.#version += 1;
    this.#apps.delete(app.num);
    this.#byName.delete(app.name.toLowerCase());
    for (const [hash, token] of this.#tokens) if (token.appNum === app.num) this.#tokens.delete(hash);
    for (const listener of this.#listeners) listener.onAppRemoved(app);
  }

  async addToken(appNum: number, token: NewToken): Promise<LiveToken> {
    return this.#putToken(await this.#journal.call('addToken', { appNum, token }));
  }

  async revokeTokens(ids: readonly number[], atMs: number): Promise<void> {
    // In memory first: a revoked token must not pass while the disk is busy.
    this.#version += 1;
    for (const [hash, token] of this.#tokens) if (ids.includes(token.id)) this.#tokens.delete(hash);
    for (const listener of this.#listeners) listener.onTokensRevoked(ids);
    await this.#journal.call('revokeTokens', { ids, atMs });
  }

  /** Lets tokens end at an instant that is still to come. */
  async expireTokens(ids: readonly number[], expiresAtMs: number): Promise<void> {
    await this.#journal.call('expireTokens', { ids, expiresAtMs });
    this.#version += 1;
    for (const [hash, token] of this.#tokens) {
      if (!ids.includes(token.id)) continue;
      const endMs = Math.min(token.expiresAtMs ?? expiresAtMs, expiresAtMs);
      this.#tokens.set(hash, { ...token, expiresAtMs: endMs });
    }
  }

  /** Sets at how many percent of a limit an alert is raised; `app` null for one of the whole key. */
  async setThresholds(app: App | null, change: Omit<ThresholdChange, 'appNum'>): Promise<void> {
    const limits = await this.#journal.call('setThresholds', { ...change, appNum: app?.num ?? null });
    if (app === null) {
      this.#keyLimits = limits;
      for (const listener of this.#listeners) listener.onKeyLimits(limits);
      return;
    }
    const live = { ...(this.#apps.get(app.num) ?? app), limits };
    this.#put(live);
    this.#tell(this.#asMet(live));
  }

  async changeKeyLimits(change: {
    readonly set: readonly NewLimit[];
    readonly remove: readonly LimitKey[];
    readonly atMs: number;
  }): Promise<readonly LimitRecord[]> {
    this.#keyLimits = await this.#journal.call('changeKeyLimits', change);
    for (const listener of this.#listeners) listener.onKeyLimits(this.#keyLimits);
    return this.#keyLimits;
  }

  /** Raises a limit of an app for a while, or takes the raise back. */
  async raiseAppLimit(app: App, change: Omit<LimitRaiseChange, 'appNum'>): Promise<App> {
    const limits = await this.#journal.call('raiseLimit', { ...change, appNum: app.num });
    const live = { ...(this.#apps.get(app.num) ?? app), limits };
    this.#put(live);
    this.#tell(this.#asMet(live));
    return live;
  }

  /** The same for a limit of the whole key. */
  async raiseKeyLimit(change: Omit<LimitRaiseChange, 'appNum'>): Promise<readonly LimitRecord[]> {
    this.#keyLimits = await this.#journal.call('raiseLimit', { ...change, appNum: null });
    for (const listener of this.#listeners) listener.onKeyLimits(this.#keyLimits);
    return this.#keyLimits;
  }

  #asMet(app: App): App {
    const pause = this.#pausedAll;
    return pause === null || app.pausedAtMs !== null ? app : { ...app, pausedAtMs: pause.sinceMs };
  }

  #tell(app: App): void {
    for (const listener of this.#listeners) listener.onApp(app);
  }

  #put(app: App): void {
    this.#version += 1;
    this.#apps.set(app.num, app);
    this.#byName.set(app.name.toLowerCase(), app);
  }

  #putToken(record: TokenRecord): LiveToken {
    const { id, appNum, kind, createdAtMs, expiresAtMs, label } = record;
    const token: LiveToken = { id, appNum, kind, createdAtMs, expiresAtMs, label };
    this.#tokens.set(Buffer.from(record.hash).toString('hex'), token);
    return token;
  }
}

/** Whether a USD limit applies to this app, its own or the whole key's. */
export function hasUsdLimit(limits: readonly LimitRecord[]): boolean {
  return limits.some((limit) => limit.metric === 'usd' && limit.enforce === 'hard');
}
