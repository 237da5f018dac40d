import { oc } from '@orpc/contract';
import { appCalls, limitCalls, runCalls, tokenCalls } from './app-calls.ts';
import {
  checklistCalls,
  engineCalls,
  eventCalls,
  keyCalls,
  sessionCalls,
  settingCalls,
} from './engine-calls.ts';
import {
  alertCalls,
  priceCalls,
  requestCalls,
  snippetCalls,
  usageCalls,
  webhookCalls,
} from './usage-calls.ts';

/**
 * Everything a door of the control plane offers: the control socket for the command line and the desktop,
 * HTTP for the dashboard. Failures are codes of the error table.
 */
export const controlContract = oc.router({
  engine: engineCalls,
  events: eventCalls,
  keys: keyCalls,
  apps: appCalls,
  tokens: tokenCalls,
  limits: limitCalls,
  runs: runCalls,
  usage: usageCalls,
  requests: requestCalls,
  alerts: alertCalls,
  webhook: webhookCalls,
  prices: priceCalls,
  snippets: snippetCalls,
  checklist: checklistCalls,
  settings: settingCalls,
  sessions: sessionCalls,
});

export type ControlContract = typeof controlContract;
