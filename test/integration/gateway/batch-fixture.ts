import { expect } from 'vitest';
import type { OptIn } from '../../../proxy/contract/app-policy.ts';
import type { RequestView } from '../../../proxy/contract/requests.ts';
import { expectLedgerIsBill, heldBy, ledgerOf } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate, type TollgateOptions } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';

/** Asks OpenAI soon, and often. */
export const SOON = { response: { firstMs: 20, mostMs: 60 }, batch: { firstMs: 20, mostMs: 60 } };
/** Asks nothing of its own accord. */
export const NEVER = { response: { firstMs: 1e8, mostMs: 1e8 }, batch: { firstMs: 1e8, mostMs: 1e8 } };
export const BATCH_OPT_INS: OptIn[] = ['files', 'batches'];

/** An engine with an app `worker` that may make batches; the caller closes it. */
export async function openForBatches(
  limit = 'usd=5/day',
  options: TollgateOptions = {},
): Promise<{ tollgate: Tollgate; token: string }> {
  const tollgate = await openTollgate({ ...options, config: { latePolling: SOON, ...options.config } });
  return { tollgate, token: await tollgate.createApp('worker', [limit], { allow: BATCH_OPT_INS }) };
}

/** The row of the one batch that the app has made. */
export async function batchRow(tollgate: Tollgate): Promise<RequestView> {
  const rows = (await ledgerOf(tollgate, 'worker')).filter(
    ({ endpoint, outcome }) => endpoint === '/v1/batches' && outcome !== 'refused',
  );
  const [row, second] = rows;
  if (!row || second) throw new Error(`there are ${rows.length} batches`);
  return row;
}

export function untilSettled(tollgate: Tollgate): Promise<void> {
  return until(async () => (await batchRow(tollgate)).outcome !== 'open');
}

/** Waits for the end of the one batch: it cost what OpenAI bills, and nothing is held any more. */
export async function expectSettledAsBilled(tollgate: Tollgate, more: object = {}): Promise<void> {
  await untilSettled(tollgate);
  expect(await batchRow(tollgate)).toMatchObject({ outcome: 'settled', overageNanoUsd: 0, ...more });
  await expectLedgerIsBill(tollgate);
  expect(await heldBy(tollgate, 'worker')).toBe(0);
}
