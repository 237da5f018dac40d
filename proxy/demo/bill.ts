import type { ToolFees } from '../contract/prices.ts';
import { type CostPart, callCostNanoUsd } from './call-cost.ts';

/** How the call ended: the model finished; the client left and it was stopped; it broke on our side. */
export type BillStatus = 'completed' | 'aborted' | 'failed';

export interface BillRow {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Path without the query, such as `/v1/chat/completions`. */
  readonly path: string;
  /** As named in the answer; empty where it names none, as for a container. */
  readonly model: string;
  /** As named in the answer: `default`, `flex`, `priority` or `ultrafast`; or `batch`. */
  readonly serviceTier: string;
  readonly status: BillStatus;
  /** The true usage in the shape of the endpoint; null where the endpoint reports none. */
  readonly usage: unknown;
  /** Integer nano-dollars, rounded up once. */
  readonly costNanoUsd: number;
  readonly responseId: string;
}

/** What a row says besides its cost. */
export type ChargeHead = Pick<BillRow, 'responseId' | 'model' | 'serviceTier' | 'usage'>;

/** What one call owes, before it is priced. */
export interface Charge extends ChargeHead {
  readonly parts: readonly CostPart[];
}

/** The truth about what was spent. Rows are in the order in which the calls ended. */
export interface Bill {
  readonly rows: readonly BillRow[];
  /** The sum over all rows since the last reset, dropped ones included. */
  totalNanoUsd(): number;
  reset(): void;
}

export interface OpenBill extends Bill {
  add(path: string, status: BillStatus, charge: Charge): BillRow;
  /** One row for several calls, each of which was rounded up by itself. */
  addSum(path: string, status: BillStatus, head: ChargeHead, costsNanoUsd: readonly number[]): BillRow;
}

/** Rows kept for reading; the total counts the older ones too. */
const MAX_ROWS = 200_000;

export function createBill(fees: ToolFees, now: () => number): OpenBill {
  let rows: BillRow[] = [];
  let totalNanoUsd = 0;
  let count = 0;
  const push = (path: string, status: BillStatus, head: ChargeHead, costNanoUsd: number): BillRow => {
    count += 1;
    const { responseId, model, serviceTier, usage } = head;
    const row = {
      id: `bill_${count}`,
      at: now(),
      path,
      model,
      serviceTier,
      status,
      usage,
      costNanoUsd,
      responseId,
    };
    rows.push(row);
    if (rows.length > MAX_ROWS) rows = rows.slice(MAX_ROWS / 10);
    totalNanoUsd += costNanoUsd;
    return row;
  };
  return {
    get rows() {
      return rows;
    },
    totalNanoUsd: () => totalNanoUsd,
    reset: () => {
      rows = [];
      totalNanoUsd = 0;
    },
    add: (path, status, charge) => push(path, status, charge, callCostNanoUsd(charge.parts, fees)),
    addSum: (path, status, head, costsNanoUsd) =>
      push(
        path,
        status,
        head,
        costsNanoUsd.reduce((sum, each) => sum + each, 0),
      ),
  };
}
