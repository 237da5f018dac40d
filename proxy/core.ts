import { randomBytes } from 'node:crypto';
import { Activity } from './activity.ts';
import { Accountant, appScope, KEY_SCOPE } from './admission/accountant.ts';
import type { Amounts } from './admission/amounts.ts';
import { type Calendar, openCalendar } from './admission/calendar.ts';
import type { LimitRule, SettledByWindow } from './admission/scope.ts';
import { Alerting } from './alerting.ts';
import { alertSettingsOf, type KeptAlert } from './alerts/alert-desk.ts';
import { FindingLog } from './alerts/finding-log.ts';
import { Webhook } from './alerts/webhook.ts';
import type { EngineConfig } from './config.ts';
import { DEFAULT_POLICY } from './contract/app-policy.ts';
import { WINDOWS, type Window } from './contract/limits.ts';
import type { PriceBookData } from './contract/prices.ts';
import { AdmissionQueue } from './gateway/admission-queue.ts';
import { AppTraffic } from './gateway/app-traffic.ts';
import { TokenCounter } from './gateway/counting/token-counter.ts';
import type { OpenLateHold } from './gateway/late-work.ts';
import { LiveRequests } from './gateway/live-requests.ts';
import { OwnedObjects } from './gateway/owned-objects.ts';
import { PartyScopes } from './gateway/party-scopes.ts';
import { refuse } from './gateway/refusal.ts';
import { RefusalLog } from './gateway/refusal-log.ts';
import { RequestIds } from './gateway/request-ids.ts';
import { SocketPlaces } from './gateway/sockets/socket-places.ts';
import { openUpstream, type Upstream } from './gateway/upstream.ts';
import { KeyRing } from './keys/key-ring.ts';
import type { KeyStore } from './keys/key-store.ts';
import type { Sum, SumsByWindow } from './ledger/counters.ts';
import type { JournalEntry } from './ledger/entries.ts';
import { Journal } from './ledger/journal.ts';
import { checkLater } from './ledger/late-check.ts';
import type { LateRecord } from './ledger/object-rows.ts';
import type { LimitRecord, PriceRecord } from './ledger/records.ts';
import { type App, type PausedAll, Registry } from './ledger/registry.ts';
import { Reports } from './ledger/reports.ts';
import type { Logger } from './log.ts';
import priceBookData from './pricing/price-book.json' with { type: 'json' };
import { PriceBook, type PriceOverride } from './pricing/price-book.ts';
import { RequestFeed } from './request-feed.ts';
import { Signals } from './signals.ts';
import { unfailing } from './unfailing.ts';

export interface CoreDeps {
  readonly keyStore: KeyStore;
  readonly logger: Logger;
  now(): number;
  monotonic(): number;
}

/** What an engine is made of, without its doors. */
export interface Core {
  readonly config: EngineConfig;
  readonly logger: Logger;
  readonly journal: Journal;
  readonly registry: Registry;
  readonly accountant: Accountant;
  readonly calendar: Calendar;
  readonly parties: PartyScopes;
  readonly queue: AdmissionQueue;
  readonly traffic: AppTraffic;
  readonly refusals: RefusalLog;
  readonly live: LiveRequests;
  readonly sockets: SocketPlaces;
  readonly objects: OwnedObjects;
  /** Holds that an engine before this one has left open because OpenAI goes on with their work. */
  readonly lateHolds: readonly OpenLateHold[];
  readonly ids: RequestIds;
  readonly book: PriceBook;
  readonly counter: TokenCounter;
  readonly keys: KeyRing;
  readonly keyStore: KeyStore;
  readonly upstream: Upstream;
  readonly reports: Reports;
  readonly findings: FindingLog;
  readonly alerting: Alerting;
  readonly webhook: Webhook;
  readonly activity: Activity;
  readonly signals: Signals;
  readonly feed: RequestFeed;
  /** Small facts that outlive the engine, as they were when it was opened. */
  readonly meta: Readonly<Record<string, string>>;
  now(): number;
  monotonic(): number;
  close(): Promise<void>;
}

/**
 * Takes the data folder, brings the ledger in order and rebuilds in memory what decisions need.
 * @returns null when another process has the folder
 * @throws AppError of the ledger, the home or the upstream address
 */
export async function openCore(config: EngineConfig, deps: CoreDeps): Promise<Core | null> {
  const { logger } = deps;
  const upstream = openUpstream(config.upstream, config.timeouts);
  const calendar = await openCalendar(config.zone);
  const { dbPath, lockPath, enginePath } = config.home;
  const watch: Watch = { onEntry: () => undefined, onHealth: () => undefined };
  const journal = await Journal.open(
    { dbPath, lockPath, runningPath: enginePath },
    {
      onHealth: (healthy, failure) => {
        if (healthy) logger.info('the ledger can be written again');
        else
          logger.error({ problem: failure?.message }, 'the ledger cannot be written; new spend is refused');
        watch.onHealth(healthy, failure?.message ?? null);
      },
      onEntry: (entry) => watch.onEntry(entry),
      onDropped: (entry, message) => {
        logger.error({ entry: entry.kind, problem: message }, 'an entry could not be booked');
      },
      onError: (error) => logger.error({ err: error }, 'a request failed when its hold was written'),
    },
  );
  if (!journal) return null;
  try {
    return await composeCore(config, deps, journal, upstream, calendar, watch);
  } catch (error) {
    // Whoever holds on to the folder after a failed start keeps the next one out.
    await journal.close();
    throw error;
  }
}

/** Those who count along with what is booked; they exist only after the journal does. */
interface Watch {
  onEntry(entry: JournalEntry): void;
  onHealth(healthy: boolean, problem: string | null): void;
}

async function composeCore(
  config: EngineConfig,
  deps: CoreDeps,
  journal: Journal,
  upstream: Upstream,
  calendar: Calendar,
  watch: Watch,
): Promise<Core> {
  const { logger } = deps;
  const { recovered, isChecked, lostLog } = journal.opened;
  const loaded = await journal.call('load');
  const tag = loaded.meta['ledger_tag'] ?? (await createLedgerTag(journal));
  const accountant = new Accountant(calendar, recovered.seenMs);
  const nowMs = accountant.tick(deps.now());
  const registry = new Registry(journal, loaded);
  registry.restorePause(pauseOf(loaded.meta['paused_all'], nowMs));
  const sums = await journal.call('sums', windowStarts(calendar, nowMs));
  openScopes(accountant, registry, sums);
  const signals = new Signals();
  const activity = new Activity(loaded.lastSeen, loaded.tokens);
  const webhook = new Webhook({
    url: loaded.meta['webhook_url'] ? new URL(loaded.meta['webhook_url']) : null,
    now: deps.now,
    onProblem: (problem) => logger.warn({ problem }, 'an alert could not be posted'),
    ...(config.webhookRetryMs ? { retryAfterMs: config.webhookRetryMs } : {}),
  });
  const alerting = new Alerting({
    accountant,
    calendar,
    registry,
    journal,
    ports: [webhook, { deliver: unfailing((alert) => logger.warn(loggedAlert(alert), 'alert')) }],
    open: await journal.call('openAlerts'),
    now: deps.now,
    onChange: (alert, isNew) => {
      if (alert) signals.send({ kind: 'alert', alert, isNew });
      else signals.send({ kind: 'engine' });
    },
    onError: unfailing((error) => logger.error({ err: error }, 'an alert could not be kept')),
  });
  alerting.desk.settings = alertSettingsOf(loaded.meta['alert_settings']);

  const traffic = new AppTraffic();
  const live = new LiveRequests();
  const core: Core = {
    config,
    logger,
    journal,
    registry,
    accountant,
    calendar,
    parties: new PartyScopes(accountant, calendar, journal, config.queueMs),
    queue: new AdmissionQueue(accountant, config.queueMs),
    traffic,
    refusals: new RefusalLog((entry) => journal.append(entry)),
    live,
    sockets: new SocketPlaces(traffic),
    objects: new OwnedObjects(journal),
    lateHolds: restoreLateHolds(accountant, registry, await journal.call('lateWork')),
    ids: new RequestIds(tag, recovered.lastSeq),
    book: new PriceBook(priceBookData as PriceBookData, loaded.prices.map(toOverride)),
    counter: new TokenCounter(),
    keys: new KeyRing({
      store: deps.keyStore,
      now: deps.monotonic,
      onStateChange: (state) => {
        logger.info({ state: state.status }, 'key');
        // A command that opens the home for a moment has the user's attention already.
        if (config.dataPlane !== null) alerting.onKey(state);
        signals.send({ kind: 'engine' });
        // A socket was opened with the key of that moment; whoever needs one opens a new one.
        live.finish();
      },
    }),
    keyStore: deps.keyStore,
    upstream,
    reports: new Reports(config.home.dbPath),
    findings: new FindingLog(
      [
        { deliver: (finding, atMs) => journal.append({ kind: 'finding', atMs, ...finding }) },
        { deliver: (finding) => logger.warn(finding, 'finding') },
        { deliver: (finding) => alerting.onFinding(finding) },
      ],
      deps.now,
    ),
    alerting,
    webhook,
    activity,
    signals,
    meta: loaded.meta,
    feed: new RequestFeed(),
    now: deps.now,
    monotonic: deps.monotonic,
    async close() {
      core.refusals.flush();
      core.keys.close();
      await cancelCheck?.();
      await alerting.close();
      await webhook.close();
      await core.upstream.close();
      await core.reports.close();
      await core.counter.close();
      await journal.close();
    },
  };
  const cancelCheck = isChecked
    ? null
    : checkLater(config.home.dbPath, (problem) => {
        core.findings.report({ finding: 'ledger_damaged', appNum: null, detail: problem.slice(0, 120) });
      });
  watch.onEntry = (entry) => {
    activity.add(entry);
    alerting.onEntry(entry);
    if (signals.isHeard && (entry.kind === 'hold' || entry.kind === 'end' || entry.kind === 'refusal')) {
      signals.send({ kind: 'request', seq: entry.seq, appNum: entry.appNum });
    }
  };
  watch.onHealth = (healthy, problem) => {
    alerting.onHealth(healthy, problem);
    signals.send({ kind: 'engine' });
  };
  followRegistry(core);
  if (recovered.chargedHolds > 0) {
    logger.warn({ holds: recovered.chargedHolds }, 'charged holds that were open when the engine ended');
  }
  if (recovered.recounted) {
    core.findings.report({ finding: 'ledger_recounted', appNum: null, detail: 'the totals did not add up' });
  }
  if (lostLog) {
    core.findings.report({
      finding: 'ledger_log_lost',
      appNum: null,
      detail: 'the newest part of the ledger is gone; spend may be under-counted',
    });
  }
  return core;
}

/** A pause of everything that an engine before this one has left, unless its time has passed. */
function pauseOf(stored: string | undefined, nowMs: number): PausedAll | null {
  if (stored === undefined || stored === '') return null;
  const paused = JSON.parse(stored) as PausedAll;
  return paused.untilMs !== null && paused.untilMs <= nowMs ? null : paused;
}

/** What the log says of an alert. */
function loggedAlert({ id, kind, severity, appId, title, detail }: KeptAlert): object {
  return { id, kind, severity, appId, title, detail };
}

async function createLedgerTag(journal: Journal): Promise<string> {
  const tag = randomBytes(4).readUInt32BE(0).toString(36).padStart(7, '0').slice(-4);
  await journal.call('setMeta', { key: 'ledger_tag', value: tag });
  return tag;
}

function windowStarts(calendar: Calendar, nowMs: number): Readonly<Record<Window, number>> {
  const starts = WINDOWS.map((window) => [window, calendar.bounds(window, nowMs).startMs] as const);
  return Object.fromEntries(starts) as Record<Window, number>;
}

function openScopes(accountant: Accountant, registry: Registry, sums: SumsByWindow): void {
  const settled = (pick: (sum: ReadonlyMap<number, Sum>) => Iterable<Sum | undefined>): SettledByWindow =>
    Object.fromEntries(WINDOWS.map((window) => [window, addUp(pick(sums[window]))])) as Record<
      Window,
      Amounts
    >;
  accountant.openScope(
    KEY_SCOPE,
    registry.keyLimits.map(toRule),
    settled((byApp) => byApp.values()),
  );
  for (const app of registry.apps) {
    accountant.openScope(
      appScope(app.id),
      app.limits.map(toRule),
      settled((byApp) => [byApp.get(app.num)]),
    );
  }
}

/**
 * Takes the holds of late work again. That of an app which was removed since counts for the key alone;
 * its app is a stand-in with its number.
 */
function restoreLateHolds(
  accountant: Accountant,
  registry: Registry,
  records: readonly LateRecord[],
): OpenLateHold[] {
  return records.map((record) => {
    const app = registry.app(record.appNum);
    const scopes = [KEY_SCOPE, ...(app ? [appScope(app.id)] : [])];
    const amounts: Amounts = {
      nanoUsd: record.holdNanoUsd ?? 0,
      inputTokens: record.holdInputTokens,
      outputTokens: record.holdOutputTokens,
      requests: 1,
    };
    const hold = accountant.restoreHold(scopes, amounts, record.atMs, record.holdNanoUsd);
    return { record, hold, app: app ?? removedApp(record.appNum) };
  });
}

function removedApp(num: number): App {
  const id = `app_removed_${num}`;
  return {
    num,
    id,
    name: id,
    mode: 'enforce',
    pausedAtMs: null,
    createdAtMs: 0,
    policy: DEFAULT_POLICY,
    limits: [],
  };
}

function addUp(sums: Iterable<Sum | undefined>): Amounts {
  const total = { nanoUsd: 0, inputTokens: 0, outputTokens: 0, requests: 0 };
  for (const sum of sums) {
    total.nanoUsd += sum?.nanoUsd ?? 0;
    total.inputTokens += sum?.inputTokens ?? 0;
    total.outputTokens += sum?.outputTokens ?? 0;
    total.requests += sum?.requests ?? 0;
  }
  return total;
}

function toRule({ appNum: _appNum, ...rule }: LimitRecord): LimitRule {
  return rule;
}

/** What changes in the registry takes effect on requests at once. */
function followRegistry(core: Core): void {
  const { accountant, registry, live, queue, now } = core;
  registry.listen({
    onApp(app) {
      const scope = appScope(app.id);
      if (accountant.hasScope(scope)) accountant.setLimits(scope, app.limits.map(toRule));
      else accountant.openScope(scope, app.limits.map(toRule));
      if (app.pausedAtMs !== null) {
        live.cut((request) => request.appNum === app.num, refuse('app_paused', { app: app.name }));
      }
      queue.retry(now());
    },
    onAppRemoved(app) {
      live.cut((request) => request.appNum === app.num, refuse('invalid_app_token'));
    },
    onTokensRevoked(ids) {
      live.cut((request) => ids.includes(request.tokenId), refuse('invalid_app_token'));
    },
    onKeyLimits(limits) {
      accountant.setLimits(KEY_SCOPE, limits.map(toRule));
      queue.retry(now());
    },
  });
}

/** A user's price as the ledger keeps it. */
export function toOverride({ model, data }: PriceRecord): PriceOverride {
  return { ...(JSON.parse(data) as Omit<PriceOverride, 'model'>), model };
}
