import { type AdmissionRequest, appScope, type Bound, KEY_SCOPE, runScope } from '../admission/accountant.ts';
import { hasUsdLimit } from '../ledger/registry.ts';
import type { Admission } from './admission-queue.ts';
import type { BoundedRequest } from './bound-request.ts';
import { batchPlanOf, boundKnown, boundWith, modelsOfBatch, withToolCalls } from './bound-spending.ts';
import { encodingOf } from './counting/encodings.ts';
import type { RequestFacts } from './inspect/request-facts.ts';
import { leaseKey } from './lease-key.ts';
import { matchesAnyGlob } from './model-glob.ts';
import { beginAddition, takeAdditionBack } from './note-context.ts';
import { quotaRefusal } from './quota-refusal.ts';
import { isRefusal, Refusal, refuse } from './refusal.ts';
import type { Admitted, SpendingRequest } from './spending-request.ts';
import type { Understood } from './understand-body.ts';

/**
 * Ownership, policy, key, price, bound, hold, durability, in this order. Calls `next` when the hold is on
 * the disk, or refuses; calls nothing when the client has left.
 */
export function admitRequest(
  request: SpendingRequest,
  understood: Understood,
  next: (admitted: Admitted) => void,
): void {
  request.whenReady(ownershipRefusal(request, understood.facts), (refusal) => {
    if (refusal) request.refuse(refusal);
    else admitOwn(request, understood, next);
  });
}

/** From here on it is known that the request refers to nothing of another app's. */
function admitOwn(
  request: SpendingRequest,
  { facts, body }: Understood,
  next: (admitted: Admitted) => void,
): void {
  const { deps, sender, route } = request;
  const { app, place } = sender;
  const isMetered = route.access.kind === 'metered';
  const known = isMetered ? boundKnown(request, facts) : FREE_REQUEST;
  if (known instanceof Refusal) {
    request.refuse(known);
    return;
  }
  const unpriced = priceRefusal(request, facts, known.bound);
  const own = policyRefusal(request, facts) ?? (unpriced && hasOwnUsdLimit(request) ? unpriced : null);
  // Limits of the whole key hold for an observing app, too.
  const wide = unpriced && hasUsdLimit(deps.registry.keyLimits) ? unpriced : null;
  const certain = (app.mode === 'enforce' ? own : null) ?? wide;
  if (certain) {
    request.refuse(certain);
    return;
  }
  const rate = isMetered
    ? place.takeTokens(body?.length ?? 0, facts.clientMaxOutput, deps.monotonic())
    : null;
  if (rate && app.mode === 'enforce') {
    request.refuse(rate);
    return;
  }
  const refusal = own ?? rate;
  const observed = refusal ? `would_refuse:${refusal.code}` : null;
  request.whenReady(leaseKey(deps.keys), (lease) => {
    if (isRefusal(lease)) {
      request.refuse(lease);
      return;
    }
    request.lease = lease;
    request.whenReady(partiesOf(request, facts), (parties) => {
      if (isRefusal(parties)) {
        request.refuse(parties);
        return;
      }
      const scopes = scopesOf(request, parties);
      const unbounded = unboundedRefusal(request, scopes, facts);
      if (unbounded) {
        request.refuse(unbounded);
        return;
      }
      const { bounded, maxToolCalls } = withToolCalls(request, scopes, facts, known);
      const counted = isMetered
        ? countWhereTight(request, scopes, facts, body, bounded, maxToolCalls)
        : bounded;
      request.whenReady(counted, (tight) =>
        takeHold(request, scopes, facts, tight, { maxToolCalls, observed }, next),
      );
    });
  });
}

/** Null when everything the request refers to is the app's own. */
function ownershipRefusal(
  { deps, sender, route, pathIds }: SpendingRequest,
  facts: RequestFacts,
): Refusal | null | Promise<Refusal | null> {
  const inPath = route.owned ? pathIds.filter((_id, index) => route.owned?.[index] !== null) : NONE;
  if (inPath.length === 0 && facts.references.length === 0) return null;
  const checked = deps.objects.check(sender.app, [...inPath, ...facts.references]);
  return checked instanceof Promise ? checked.catch(() => refuse('ledger_unavailable')) : checked;
}

/** Names of the scopes that belong to who is behind a request: its end user, its address. */
function partiesOf(
  request: SpendingRequest,
  facts: RequestFacts,
): readonly string[] | Refusal | Promise<readonly string[] | Refusal> {
  const { deps, sender, address } = request;
  const { perUser, perIp } = sender.app.policy;
  if (perUser.length === 0 && perIp.length === 0) return NONE;
  const parties = { user: facts.user ?? '', address };
  return deps.parties.prepare(sender.app, parties, deps.monotonic());
}

/** Every budget that a request counts in, the widest first. */
function scopesOf({ sender }: SpendingRequest, parties: readonly string[]): readonly string[] {
  const { app, token } = sender;
  const run = token.kind === 'run' ? [runScope(String(token.id))] : NONE;
  return [KEY_SCOPE, appScope(app.id), ...parties, ...run];
}

/** What was decided beside the hold. */
interface Decided {
  readonly maxToolCalls: number | null;
  readonly observed: string | null;
}

function takeHold(
  request: SpendingRequest,
  scopes: readonly string[],
  facts: RequestFacts,
  bounded: BoundedRequest,
  decided: Decided,
  next: (admitted: Admitted) => void,
): void {
  const { deps, sender } = request;
  if (request.stopped) {
    request.abandon();
    return;
  }
  request.whenReady(askForHold(request, scopes, bounded.bound), (admission) => {
    request.stage = null;
    if (admission.kind === 'left') request.abandon();
    else if (admission.kind === 'refused') {
      request.refuse(quotaRefusal(admission.violation, sender.app.name, deps.calendar));
    } else {
      writeHold(request, facts, bounded, admission, decided, next);
    }
  });
}

/** Below this size, the difference between bytes and tokens is not worth a count. */
const MIN_COUNTED_BYTES = 1024;

/**
 * The bytes of a body are the cheap bound of its tokens, and several times too high. Where the request
 * does not fit with it, its text is counted, in another thread.
 */
function countWhereTight(
  request: SpendingRequest,
  scopes: readonly string[],
  facts: RequestFacts,
  body: Buffer | null,
  bounded: BoundedRequest,
  maxToolCalls: number | null,
): BoundedRequest | Promise<BoundedRequest> {
  const { deps } = request;
  if (!body || !facts.countable || body.length < MIN_COUNTED_BYTES) return bounded;
  const encoding = encodingOf(facts.model);
  if (!encoding || deps.accountant.fitsWhole(admissionOf(request, scopes, bounded.bound))) return bounded;
  const { mediaSpans, mediaTokens } = facts.countable;
  return deps.counter.count(encoding, textBetween(body, mediaSpans)).then((tokens) => {
    if (tokens === null || tokens + mediaTokens >= facts.worst.inputTokens) return bounded;
    const worst = { ...facts.worst, inputTokens: tokens + mediaTokens };
    const calls = facts.hosted?.maxCalls ?? maxToolCalls ?? 0;
    return boundWith(request, { ...facts, worst }, bounded.row, calls);
  });
}

/** The body without what stands at the spans. JSON around the text counts for the framing of messages. */
function textBetween(body: Buffer, spans: readonly { start: number; end: number }[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    pieces.push(body.subarray(at, start));
    at = end;
  }
  return [...pieces, body.subarray(at)];
}

/** What a request to an endpoint that costs nothing takes: itself. */
const FREE_REQUEST: BoundedRequest = {
  row: null,
  policyMaxOutput: null,
  bound: { inputTokens: 0, outputTokens: 0, choices: 1, canShorten: false, costNanoUsd: () => 0 },
};

function admissionOf({ sender }: SpendingRequest, scopes: readonly string[], bound: Bound): AdmissionRequest {
  return { scopes, observed: sender.app.mode === 'observe' ? scopes.slice(1) : NONE, bound };
}

function askForHold(
  request: SpendingRequest,
  scopes: readonly string[],
  bound: Bound,
): Admission | Promise<Admission> {
  const { deps } = request;
  return deps.queue.admit(admissionOf(request, scopes, bound), deps.now(), (leave) => {
    request.stage = {
      stop(refusal) {
        if (refusal) request.answerRefusal(refusal);
        leave();
      },
    };
  });
}

const NONE: readonly string[] = [];

function writeHold(
  request: SpendingRequest,
  facts: RequestFacts,
  bounded: BoundedRequest,
  { hold, observed }: Admission & { kind: 'admitted' },
  decided: Decided,
  next: (admitted: Admitted) => void,
): void {
  const { deps, sender } = request;
  const seq = deps.ids.next();
  const admitted: Admitted = {
    seq,
    hold,
    bounded,
    maxToolCalls: decided.maxToolCalls,
    observed: observed ? `would_refuse:${observed.rule.metric}/${observed.rule.window}` : decided.observed,
  };
  const entry = {
    kind: 'hold',
    seq,
    atMs: hold.atMs,
    appNum: sender.app.num,
    tokenId: sender.token.id,
    route: request.endpoint,
    model: facts.model,
    streamed: facts.streamed,
    user: facts.user,
    address: sender.app.policy.perIp.length > 0 ? request.address : null,
    holdNanoUsd: hold.boundNanoUsd,
    holdInputTokens: hold.amounts.inputTokens,
    holdOutputTokens: hold.amounts.outputTokens,
  } as const;
  if (facts.addsTo !== null) beginAddition(request, facts.addsTo);
  deps.journal.hold(entry, (written) => {
    request.guard(() => {
      if (!written) {
        deps.accountant.void(hold);
        takeAdditionBack(request);
        request.refuse(refuse('ledger_unavailable'));
        return;
      }
      request.admitted = admitted;
      deps.events.onRequest(seq);
      next(admitted);
    });
  });
}

function policyRefusal({ deps, sender, route }: SpendingRequest, facts: RequestFacts): Refusal | null {
  const { app } = sender;
  const { policy } = app;
  if (route.access.kind !== 'metered' || policy.models.length === 0) return null;
  // Not about a model at all: a search, a container.
  if (facts.model === '' && facts.byRule !== null) return null;
  const models = facts.batchFile === null ? [facts.model] : modelsOfBatch(deps, facts.batchFile);
  const denied = models.find((model) => !matchesAnyGlob(model, policy.models));
  if (denied === undefined) return null;
  const model = denied.slice(0, 100) || '(none)';
  return refuse('model_not_allowed', { app: app.name, model }, { param: 'model' });
}

/** A request whose cost has no bound: its model has no price, or none for what is asked of it. */
function priceRefusal({ deps, sender }: SpendingRequest, facts: RequestFacts, bound: Bound): Refusal | null {
  if (bound.costNanoUsd(bound.outputTokens) !== null) return null;
  const models = facts.batchFile === null ? [facts.model] : modelsOfBatch(deps, facts.batchFile);
  const model = (models.find((name) => deps.book.find(name) === null) ?? facts.model).slice(0, 100);
  if (facts.unpriced !== null) return refuse('body_unsupported', { problem: facts.unpriced });
  return refuse('model_price_unknown', { app: sender.app.name, model }, { param: 'model' });
}

/**
 * What no bound covers passes only where nothing counts what it may use. Limits of requests do not: they
 * count the request itself.
 */
function unboundedRefusal(
  request: SpendingRequest,
  scopes: readonly string[],
  facts: RequestFacts,
): Refusal | null {
  const { deps, sender, route } = request;
  const { access } = route;
  const problem = facts.unbounded ?? batchPlanOf(deps, facts)?.unbounded ?? null;
  if (problem === null && access.kind !== 'unmetered') return null;
  const counts = scopes
    .filter((_scope, index) => index === 0 || sender.app.mode === 'enforce')
    .flatMap((scope) => deps.accountant.states(scope))
    .filter(({ rule }) => rule.enforce === 'hard');
  if (access.kind === 'unmetered') {
    if (!counts.some(({ rule }) => rule.metric === 'usd')) return null;
    const why = `${access.why}, and a USD limit applies`;
    return refuse('endpoint_not_allowed', { method: route.method, path: route.endpoint, why });
  }
  const isCapped = counts.some(({ rule }) => rule.metric !== 'requests');
  return isCapped ? refuse('body_unsupported', { problem: problem ?? '' }) : null;
}

function hasOwnUsdLimit(request: SpendingRequest): boolean {
  const { limits, policy } = request.sender.app;
  const ofParties = [...policy.perUser, ...policy.perIp].some(({ metric }) => metric === 'usd');
  return ofParties || hasUsdLimit(limits) || runHasUsdLimit(request);
}

function runHasUsdLimit({ deps, sender }: SpendingRequest): boolean {
  if (sender.token.kind !== 'run') return false;
  return deps.accountant.states(runScope(String(sender.token.id))).some(({ rule }) => rule.metric === 'usd');
}
