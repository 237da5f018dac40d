import type { ContractRouterClient } from '@orpc/contract';
import type { NewLimit } from '../../proxy/contract/apps.ts';
import type { ControlContract } from '../../proxy/contract/control-contract.ts';
import { parseLimit } from '../../proxy/contract/limits.ts';

type Client = ContractRouterClient<ControlContract>;

export interface LedgerQuery {
  readonly name: string;
  run(client: Client): Promise<unknown>;
}

const hard = (text: string): NewLimit => ({ ...parseLimit(text), enforce: 'hard' });
const YEAR = '365d';

/** Everything that a screen of the dashboard asks of the ledger, with the filters that find most and least. */
export const LEDGER_QUERIES: readonly LedgerQuery[] = [
  { name: 'overview', run: (client) => client.usage.overview() },
  { name: 'forecast', run: (client) => client.usage.forecast({}) },
  { name: 'apps', run: (client) => client.apps.list() },
  { name: 'app detail', run: (client) => client.apps.get({ app: 'support-bot' }) },
  { name: 'tokens of an app', run: (client) => client.tokens.list({ app: 'support-bot' }) },
  ...(['app', 'model', 'day', 'user', 'endpoint'] as const).flatMap((by) => [
    { name: `usage of the month by ${by}`, run: (client: Client) => client.usage.report({ by }) },
    { name: `usage of a year by ${by}`, run: (client: Client) => client.usage.report({ by, since: YEAR }) },
    {
      name: `usage of a year by ${by}, one app`,
      run: (client: Client) => client.usage.report({ by, since: YEAR, app: 'support-bot' }),
    },
  ]),
  ...([undefined, 'app', 'model', 'endpoint'] as const).flatMap((by) => {
    const key = by === undefined ? {} : { by };
    const name = by === undefined ? '' : ` by ${by}`;
    return [
      {
        name: `series of a year by the day${name}`,
        run: (client: Client) => client.usage.series({ ...key, since: YEAR, step: 'day' }),
      },
      {
        name: `series of a month by the hour${name}`,
        run: (client: Client) => client.usage.series({ ...key, since: '30d', step: 'hour' }),
      },
      {
        name: `series of a day by the quarter${name}`,
        run: (client: Client) => client.usage.series({ ...key, since: '24h', step: 'quarter' }),
      },
    ];
  }),
  {
    name: 'series of a year by the day, one app',
    run: (client) => client.usage.series({ since: YEAR, step: 'day', app: 'agent' }),
  },
  { name: 'filters of requests', run: (client) => client.requests.facets() },
  { name: 'requests', run: (client) => client.requests.list({}) },
  { name: 'requests, 200 of them', run: (client) => client.requests.list({ limit: 200 }) },
  { name: 'requests of an app', run: (client) => client.requests.list({ app: 'legacy' }) },
  { name: 'requests refused', run: (client) => client.requests.list({ outcome: 'refused' }) },
  {
    name: 'requests charged at their bound, of an app',
    run: (client) => client.requests.list({ outcome: 'charged-at-bound', app: 'legacy' }),
  },
  { name: 'requests of a rare model', run: (client) => client.requests.list({ model: 'gpt-image-1' }) },
  { name: 'requests of a model there is none of', run: (client) => client.requests.list({ model: 'none' }) },
  { name: 'requests of a rare user', run: (client) => client.requests.list({ user: 'user-299' }) },
  { name: 'requests with a status', run: (client) => client.requests.list({ status: 502 }) },
  { name: 'requests with a status there is none of', run: (client) => client.requests.list({ status: 404 }) },
  { name: 'requests that were dear', run: (client) => client.requests.list({ minCostNanoUsd: 1e12 }) },
  {
    name: 'requests of a day long ago',
    run: (client) => client.requests.list({ since: '300d', until: '299d' }),
  },
  {
    name: 'request',
    async run(client) {
      const { requests } = await client.requests.list({ limit: 1 });
      return client.requests.get({ id: requests[0]?.id ?? '' });
    },
  },
  ...[7, 30, 90, 365].flatMap((days) =>
    ['support-bot', 'legacy', null].flatMap((app) => [
      {
        name: `back-test of a day, ${days} days, ${app ?? 'all'}`,
        run: (client: Client) => client.limits.backtest({ app, days, limits: [hard('usd=5/day')] }),
      },
      {
        name: `back-test of month, hour and minute, ${days} days, ${app ?? 'all'}`,
        run: (client: Client) =>
          client.limits.backtest({
            app,
            days,
            limits: [hard('usd=50/month'), hard('tokens=1M/hour'), hard('requests=60/minute')],
          }),
      },
    ]),
  ),
  {
    name: 'export, its first piece',
    async run(client) {
      const pieces = await client.requests.export({ format: 'csv' });
      for await (const _piece of pieces) return;
    },
  },
  { name: 'alerts', run: (client) => client.alerts.list({}) },
  { name: 'security checklist', run: (client) => client.checklist.list() },
];
