import type { LimitView } from '../proxy/contract/apps.ts';
import { formatUsd } from '../proxy/contract/money.ts';
import type { EngineSituation } from './engine-host.ts';
import type { AppSummary, EngineModel } from './engine-model.ts';
import { plainText } from './plain-text.ts';
import type { TrayState } from './tray-state.ts';

/** A limit that is this full is worth a glance. */
const WARNING_SHARE = 0.8;
/** A hard limit refuses what does not fit, so it is hardly ever filled to the last cent. */
const USED_UP_SHARE = 0.99;

/** What the tray shows; null when the engine is not running. */
export function trayStateOf(situation: EngineSituation, model: EngineModel | null): TrayState {
  if (situation.state !== 'running' || !model) return 'offline';
  const { status, keyLimits, apps } = model;
  if (status.paused) return 'paused';
  const isStuck = !status.ledgerHealthy || status.key.state === 'rejected' || keyLimits.some(isUsedUp);
  if (isStuck) return 'over';
  const all = [...keyLimits, ...apps.flatMap(({ limits }) => limits)];
  if (status.key.state !== 'ready' || all.some((limit) => share(limit) >= WARNING_SHARE)) return 'warning';
  return 'normal';
}

/** State and spend of today against the cap, in one line. */
export function headline(situation: EngineSituation, model: EngineModel | null): string {
  if (situation.state === 'stopping') return 'Stopping: waiting for requests under way…';
  if (situation.state === 'restarting') return `Not running: ${plainText(situation.problem.message, 90)}`;
  if (situation.state === 'starting' || !model) return 'Starting…';
  return `${stateWord(model)} · ${spendLine(model)}`;
}

function stateWord({ status }: EngineModel): string {
  if (status.paused) return 'Everything is paused';
  if (!status.ledgerHealthy) return 'Ledger cannot be written';
  if (status.key.state !== 'ready') return KEY_WORDS[status.key.state];
  return 'Running';
}

const KEY_WORDS = {
  missing: 'No key yet',
  unavailable: 'Key cannot be read',
  rejected: 'Key rejected by OpenAI',
} as const;

/** `$1.20 of $5.00 today`, as far as there is a cap on the key. */
export function spendLine({ total, keyLimits }: EngineModel): string {
  const today = formatUsd(total.todayNanoUsd);
  const day = capOf(keyLimits, 'day');
  if (day) return `${today} of ${formatUsd(day)} today`;
  const month = capOf(keyLimits, 'month');
  if (month) return `${today} today, ${formatUsd(total.monthNanoUsd)} of ${formatUsd(month)} this month`;
  return `${today} today`;
}

/** `notebook: $0.80 of $2.00`, or what it spent where it has no cap. */
export function appLine(app: AppSummary): string {
  const cap = capOf(app.limits, 'day');
  const spent = formatUsd(app.todayNanoUsd);
  const line = `${plainText(app.name, 40)}: ${cap ? `${spent} of ${formatUsd(cap)}` : spent}`;
  return app.isPaused ? `${line} (paused)` : line;
}

/** Those that spent most today, at most three; an app that spent nothing says nothing. */
export function topApps({ apps }: EngineModel): AppSummary[] {
  return apps
    .filter(({ todayNanoUsd }) => todayNanoUsd > 0)
    .sort((a, b) => b.todayNanoUsd - a.todayNanoUsd)
    .slice(0, 3);
}

/** Nano-dollars of the hard limit in this window, raises included; null when there is none. */
function capOf(limits: readonly LimitView[], window: LimitView['window']): number | null {
  const found = limits.find(
    (limit) => limit.metric === 'usd' && limit.window === window && limit.enforce === 'hard',
  );
  return found ? amountOf(found) : null;
}

function amountOf({ amount, raise }: LimitView): number {
  return amount + (raise?.amount ?? 0);
}

function share(limit: LimitView): number {
  return limit.settled / amountOf(limit);
}

function isUsedUp(limit: LimitView): boolean {
  return limit.enforce === 'hard' && share(limit) >= USED_UP_SHARE;
}
