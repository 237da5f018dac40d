import type { App } from '../ledger/registry.ts';
import { changeAlertSettings, listAlerts, setWebhook, snoozeAlert, testWebhook } from './alert-commands.ts';
import { requireApp } from './app-commands.ts';
import { anySignal, type ContractServer, translated } from './contract-server.ts';
import type { ControlDeps } from './control-deps.ts';
import { listPrices, setPrice, unsetPrice } from './price-commands.ts';
import { listRequests, requestDetail, requestFacets } from './request-commands.ts';
import { exportRequests } from './request-export.ts';
import { listTools, previewFile, restoreFile, tryIt, writeFile } from './snippet-commands.ts';
import { forecasts, overview } from './usage-forecast.ts';
import { usageReport } from './usage-report.ts';
import { usageSeries } from './usage-series.ts';
import { requestView } from './views.ts';

export function usageHandlers(os: ContractServer, deps: ControlDeps) {
  return {
    report: os.usage.report.handler(({ input }) => usageReport(deps, input)),
    series: os.usage.series.handler(({ input }) => usageSeries(deps, input)),
    forecast: os.usage.forecast.handler(async ({ input }) => ({
      forecasts: await forecasts(deps, input.app),
    })),
    overview: os.usage.overview.handler(() => overview(deps)),
  };
}

export function requestHandlers(os: ContractServer, deps: ControlDeps) {
  return {
    list: os.requests.list.handler(({ input }) => listRequests(deps, input)),
    get: os.requests.get.handler(({ input }) => requestDetail(deps, input.id)),
    facets: os.requests.facets.handler(() => requestFacets(deps)),
    follow: os.requests.follow.handler(({ input, context, signal }) => {
      const app = input.app === undefined ? null : requireApp(deps, input.app);
      return translated(deps, followRequests(deps, app, anySignal(context.signal, signal)));
    }),
    export: os.requests.export.handler(({ input, context, signal }) =>
      translated(deps, exportRequests(deps, input, anySignal(context.signal, signal))),
    ),
  };
}

async function* followRequests(deps: ControlDeps, app: App | null, signal: AbortSignal) {
  for await (const seqs of deps.feed.follow(signal)) {
    await deps.journal.flush();
    for (const seq of seqs) {
      const row = await deps.reports.query('request', seq);
      if (row && (app === null || row.app_num === app.num)) yield requestView(deps, row);
    }
  }
}

export function alertHandlers(os: ContractServer, deps: ControlDeps) {
  const { desk } = deps.alerting;
  return {
    list: os.alerts.list.handler(({ input }) => listAlerts(deps, input)),
    acknowledge: os.alerts.acknowledge.handler(async ({ input }) => ({
      acknowledged: await desk.acknowledge(input.ids === 'all' ? null : input.ids),
      open: desk.open,
    })),
    snooze: os.alerts.snooze.handler(({ input }) => snoozeAlert(deps, input.id, input.until)),
    wake: os.alerts.wake.handler(({ input }) => snoozeAlert(deps, input.id, null)),
    settings: os.alerts.settings.handler(() => desk.settings),
    change: os.alerts.change.handler(({ input }) => changeAlertSettings(deps, input)),
  };
}

export function webhookHandlers(os: ContractServer, deps: ControlDeps) {
  return {
    get: os.webhook.get.handler(() => deps.webhook.view),
    set: os.webhook.set.handler(({ input }) => setWebhook(deps, input.url)),
    test: os.webhook.test.handler(() => testWebhook(deps)),
    remove: os.webhook.remove.handler(() => setWebhook(deps, null)),
  };
}

export function priceHandlers(os: ContractServer, deps: ControlDeps) {
  const changed = (): void => deps.signals.send({ kind: 'changed', what: 'prices', appId: null });
  return {
    list: os.prices.list.handler(({ input }) => listPrices(deps, input.model)),
    set: os.prices.set.handler(async ({ input }) => {
      const row = await setPrice(deps, input);
      changed();
      return row;
    }),
    unset: os.prices.unset.handler(async ({ input }) => {
      const unset = await unsetPrice(deps, input.model);
      changed();
      return unset;
    }),
  };
}

export function snippetHandlers(os: ContractServer, deps: ControlDeps) {
  return {
    list: os.snippets.list.handler(({ input }) => ({ tools: listTools(deps, input.token, input.model) })),
    preview: os.snippets.preview.handler(({ input }) => {
      requireApp(deps, input.app);
      return previewFile(deps, input.tool, input.model);
    }),
    write: os.snippets.write.handler(({ input }) =>
      writeFile(deps, input.tool, requireApp(deps, input.app), input.model),
    ),
    restore: os.snippets.restore.handler(({ input }) => restoreFile(deps, input.tool)),
    tryIt: os.snippets.tryIt.handler(({ input }) =>
      tryIt(deps, input.tool, requireApp(deps, input.app), input.model),
    ),
  };
}
