import type { Hold } from '../admission/accountant.ts';
import type { HoldState } from '../contract/holds.ts';
import type { App } from '../ledger/registry.ts';

/** A hold that is open, for people to see. */
export interface OpenHold {
  readonly seq: number;
  readonly app: App;
  readonly endpoint: string;
  readonly model: string;
  readonly atMs: number;
  /** Null when the price is unknown. */
  readonly nanoUsd: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly state: HoldState;
  readonly objectId: string | null;
}

export function describeHold(
  hold: Hold,
  rest: Pick<OpenHold, 'seq' | 'app' | 'endpoint' | 'model' | 'state' | 'objectId'>,
): OpenHold {
  const { inputTokens, outputTokens } = hold.amounts;
  return { ...rest, atMs: hold.atMs, nanoUsd: hold.boundNanoUsd, inputTokens, outputTokens };
}
