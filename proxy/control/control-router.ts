import { appHandlers, limitHandlers, runHandlers, tokenHandlers } from './app-handlers.ts';
import { contractServer } from './contract-server.ts';
import type { ControlDeps } from './control-deps.ts';
import {
  checklistHandlers,
  engineHandlers,
  eventHandlers,
  keyHandlers,
  sessionHandlers,
  settingHandlers,
} from './engine-handlers.ts';
import { EventHub } from './event-hub.ts';
import {
  alertHandlers,
  priceHandlers,
  requestHandlers,
  snippetHandlers,
  usageHandlers,
  webhookHandlers,
} from './usage-handlers.ts';

export type { ControlContext } from './contract-server.ts';

/** The one implementation of the control contract, behind every door. */
export function createControlRouter(deps: ControlDeps) {
  const os = contractServer(deps);
  return os.router({
    engine: engineHandlers(os, deps),
    events: eventHandlers(os, deps, hubOf(deps)),
    keys: keyHandlers(os, deps),
    apps: appHandlers(os, deps),
    tokens: tokenHandlers(os, deps),
    limits: limitHandlers(os, deps),
    runs: runHandlers(os, deps),
    usage: usageHandlers(os, deps),
    requests: requestHandlers(os, deps),
    alerts: alertHandlers(os, deps),
    webhook: webhookHandlers(os, deps),
    prices: priceHandlers(os, deps),
    snippets: snippetHandlers(os, deps),
    checklist: checklistHandlers(os, deps),
    settings: settingHandlers(os, deps),
    sessions: sessionHandlers(os, deps),
  });
}

/** One for each engine, whichever door is used: event ids must mean the same at all of them. */
const hubs = new WeakMap<ControlDeps, EventHub>();

function hubOf(deps: ControlDeps): EventHub {
  let hub = hubs.get(deps);
  if (!hub) {
    hub = new EventHub(deps);
    hubs.set(deps, hub);
  }
  return hub;
}
