import { DEFAULT_POLICY } from '../../../proxy/contract/app-policy.ts';
import type { AppPolicy } from '../../../proxy/contract/apps.ts';
import { type AppTraffic, Place } from '../../../proxy/gateway/app-traffic.ts';
import type { Refusal } from '../../../proxy/gateway/refusal.ts';
import type { App } from '../../../proxy/ledger/registry.ts';

export const appOf = (num: number, policy: Partial<AppPolicy> = {}, mode: App['mode'] = 'enforce'): App => ({
  num,
  id: `app_${num}`,
  name: `app-${num}`,
  mode,
  pausedAtMs: null,
  createdAtMs: 0,
  policy: { ...DEFAULT_POLICY, ...policy },
  limits: [],
});

/** @throws Error when there is no place */
export function enter(traffic: AppTraffic, app: App, monotonicMs = 0): Place {
  const place = traffic.enter(app, monotonicMs);
  if (!(place instanceof Place)) throw new Error(`it was refused: ${place.code}`);
  return place;
}

export const codeOf = (answer: Place | Refusal | null): string =>
  answer === null || answer instanceof Place ? 'ok' : answer.code;
