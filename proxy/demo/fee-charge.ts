import type { PriceRow } from '../contract/prices.ts';
import type { Charge } from './bill.ts';
import { NOTHING_USED, type Used } from './call-cost.ts';

/** Rates of a call that runs no model: none. */
const NO_MODEL: PriceRow = {
  model: '',
  rates: {},
  contextTokens: 1,
  maxOutputTokens: 0,
  source: 'the price list of tools',
  asOf: '2026-11-23',
};

/** What a call owes that costs a fee alone; `responseId` is the id of what it made or used. */
export function feeCharge(
  responseId: string,
  used: Partial<Pick<Used, 'fileSearchCalls' | 'containerSessions'>>,
): Charge {
  return {
    responseId,
    model: '',
    serviceTier: 'default',
    usage: null,
    parts: [{ row: NO_MODEL, tierPermille: 1000, used: { ...NOTHING_USED, ...used } }],
  };
}
