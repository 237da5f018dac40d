import { expect } from 'vitest';
import type { RequestView } from '../../proxy/contract/requests.ts';
import type { BillRow } from '../../proxy/demo/bill.ts';
import type { Tollgate } from './open-tollgate.ts';
import { until } from './until.ts';

/** The ledger's rows of one app, or of all, the oldest first; at most the newest 1,000. */
export async function ledgerOf(tollgate: Tollgate, app?: string): Promise<RequestView[]> {
  const { requests } = await tollgate.client.requests.list({ limit: 1_000, ...(app ? { app } : {}) });
  return requests.reverse();
}

/** The one row that an app has. */
export async function onlyRowOf(tollgate: Tollgate, app: string): Promise<RequestView> {
  const [row, second] = await ledgerOf(tollgate, app);
  if (!row || second) throw new Error(`app ${app} has ${row ? 'several rows' : 'no row'}`);
  return row;
}

/** Resolves when the proxy carries nothing any more and OpenAI has billed what was cut. */
export async function untilIdle(tollgate: Tollgate, timeoutMs = 10_000): Promise<void> {
  await until(async () => {
    const { inFlight, waiting } = await tollgate.client.engine.status();
    return inFlight === 0 && waiting === 0;
  }, timeoutMs);
}

/** What is held for an app at this moment, over all its limits. */
export async function heldBy(tollgate: Tollgate, app: string): Promise<number> {
  const { limits } = await tollgate.client.apps.get({ app });
  return limits.reduce((sum, limit) => sum + limit.held, 0);
}

/** The newest row of the oracle's bill. */
export function lastBill(tollgate: Tollgate): BillRow {
  const row = tollgate.openai.bill.rows.at(-1);
  if (!row) throw new Error('nothing was billed');
  return row;
}

/** Everything the ledger has booked is what OpenAI has billed, exactly, and nothing is left open. */
export async function expectLedgerIsBill(tollgate: Tollgate): Promise<void> {
  await untilIdle(tollgate);
  const { total } = await tollgate.client.usage.report({ by: 'app' });
  expect(total.costNanoUsd).toBe(tollgate.openai.bill.totalNanoUsd());
  expect(total.heldNanoUsd).toBe(0);
}
