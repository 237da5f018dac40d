import type { Bound } from '../admission/accountant.ts';
import type { AppPolicy } from '../contract/apps.ts';
import type { PriceRow } from '../contract/prices.ts';
import type { App } from '../ledger/registry.ts';
import type { BatchPlan } from '../pricing/batch-bound.ts';
import { type BoundedRequest, boundBatchRequest, boundRequest, priceRowFor } from './bound-request.ts';
import { containerSizes, unitsOfEach } from './container-sizes.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import type { RequestFacts } from './inspect/request-facts.ts';
import { type Refusal, refuse } from './refusal.ts';
import { type SettlingFacts, settlingFacts } from './settlement.ts';
import type { SpendingRequest } from './spending-request.ts';

/** Calls of hosted tools that a request may make where it names no maximum, the most generous first. */
const TOOL_CALLS = [64, 32, 16, 8, 4, 2, 1] as const;
const FEWEST_TOOL_CALLS = 1;

/** The bound of a metered request as far as it is known before its budgets are looked at. */
export function boundKnown(request: SpendingRequest, facts: RequestFacts): BoundedRequest | Refusal {
  const { deps, sender } = request;
  if (facts.batchFile !== null) {
    const plan = batchPlanOf(deps, facts);
    if (!plan) return refuse('invalid_body', BATCH_FILE_UNSEEN, { param: 'input_file_id' });
    const policy = boundingPolicy(sender.app);
    return batchPolicyRefusal(plan, policy) ?? boundBatchRequest(plan, deps.book, policy, deps.today());
  }
  const { policy } = sender.app;
  const row =
    facts.unpriced !== null && policy.unpriced === 'deny'
      ? null
      : priceRowFor(deps.book, facts.model, policy);
  return boundWith(request, facts, row, facts.hosted?.maxCalls ?? FEWEST_TOOL_CALLS);
}

const BATCH_FILE_UNSEEN = {
  field: 'input_file_id',
  problem: 'Tollgate has not seen what is in this file; upload it in one piece, with the purpose batch',
};

/** Where a policy lowers the maximum of a request, it can only refuse a batch, whose file is at OpenAI. */
function batchPolicyRefusal({ models }: BatchPlan, { maxOutputTokens }: AppPolicy): Refusal | null {
  if (maxOutputTokens === null) return null;
  const isAbove = models.some(
    ({ openAnswers, longestAnswer }) => openAnswers > 0 || longestAnswer > maxOutputTokens,
  );
  if (!isAbove) return null;
  const problem = `each line of the batch has to name a maximum of at most ${maxOutputTokens} output tokens, which is the most the app may ask for`;
  return refuse('body_unsupported', { problem }, { param: 'input_file_id' });
}

/** The bound of a request whose tools may be called so often. */
export function boundWith(
  request: SpendingRequest,
  facts: RequestFacts,
  row: PriceRow | null,
  toolCalls: number,
): BoundedRequest {
  const { deps, sender } = request;
  const { continues, hosted } = facts;
  return boundRequest(facts, row, deps.book, boundingPolicy(sender.app), deps.today(), {
    continuedTokens: continues === null ? null : deps.objects.contextTokens([continues], row?.model ?? ''),
    toolCalls,
    containerUnits: hosted ? unitsOfEach(hosted, containerSizes(deps.objects, hosted)) : [],
  });
}

/** What settling the answer will need to know. */
export function settlingOf({ deps }: Pick<SpendingRequest, 'deps'>, facts: RequestFacts): SettlingFacts {
  const settling = settlingFacts(facts, containerSizes(deps.objects, facts.hosted));
  const plan = batchPlanOf(deps, facts);
  if (!plan) return settling;
  const webSearchCalls = plan.models.reduce((sum, model) => sum + model.webSearchCalls, 0);
  return { ...settling, askedTools: { ...settling.askedTools, webSearchCalls } };
}

/**
 * Chooses how many calls of hosted tools a request may make, where it does not say so itself: each lets
 * the model read everything once more, so the number decides what the request can cost. As with the length
 * of answers, it may take half of what is free; `maxToolCalls` is null where nothing has to be put in.
 */
export function withToolCalls(
  request: SpendingRequest,
  scopes: readonly string[],
  facts: RequestFacts,
  known: BoundedRequest,
): { bounded: BoundedRequest; maxToolCalls: number | null } {
  const { deps, sender } = request;
  if (!facts.hosted || facts.hosted.maxCalls !== null) return { bounded: known, maxToolCalls: null };
  const observed = sender.app.mode === 'observe' ? scopes.slice(1) : [];
  const isCapped = scopes
    .filter((scope) => !observed.includes(scope))
    .flatMap((scope) => deps.accountant.states(scope))
    .some(({ rule }) => rule.enforce === 'hard' && rule.metric !== 'requests');
  for (const calls of TOOL_CALLS) {
    const bounded = boundWith(request, facts, known.row, calls);
    const bound: Bound = { ...bounded.bound, canShorten: true };
    if (!isCapped) return { bounded, maxToolCalls: null };
    if (deps.accountant.fitsWhole({ scopes, observed, bound })) return { bounded, maxToolCalls: calls };
  }
  return { bounded: known, maxToolCalls: FEWEST_TOOL_CALLS };
}

/** What was found in the file of a batch; null for anything else, and where the file was not seen. */
export function batchPlanOf(deps: GatewayDeps, { batchFile }: RequestFacts): BatchPlan | null {
  const detail = batchFile === null ? null : (deps.objects.get(batchFile)?.detail ?? null);
  return detail === null ? null : (JSON.parse(detail) as BatchPlan);
}

export function modelsOfBatch(deps: GatewayDeps, fileId: string): readonly string[] {
  const detail = deps.objects.get(fileId)?.detail ?? null;
  return detail === null ? [] : (JSON.parse(detail) as BatchPlan).models.map(({ model }) => model);
}

/** What an observing app asks for is not shortened either. */
export function boundingPolicy({ mode, policy }: App): AppPolicy {
  return mode === 'observe' && policy.maxOutputTokens !== null
    ? { ...policy, maxOutputTokens: null }
    : policy;
}
