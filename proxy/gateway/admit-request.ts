import type { IncomingMessage } from 'node:http';
import { type AdmissionRequest, appScope, type Bound, KEY_SCOPE, runScope } from '../admission/accountant.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { KeyLease } from '../keys/key-slot.ts';
import { hasUsdLimit } from '../ledger/registry.ts';
import type { Admission } from './admission-queue.ts';
import { batchPlanOf, boundKnown, boundWith, modelsOfBatch, withToolCalls } from './bound-exchange.ts';
import type { BoundedRequest } from './bound-request.ts';
import { encodingOf } from './counting/encodings.ts';
import type { Admitted, Exchange } from './exchange.ts';
import type { RequestFacts } from './inspect/request-facts.ts';
import { matchesAnyGlob } from './model-glob.ts';
import { quotaRefusal } from './quota-refusal.ts';
import { isRefusal, Refusal, refuse } from './refusal.ts';
import type { Understood } from './understand-body.ts';

/**
 * Ownership, policy, key, price, bound, hold, durability, in this order. Calls `next` when the hold is on
 * the disk, or refuses; calls nothing when the client has left.
 */
export function admitRequest(
  exchange: Exchange,
  understood: Understood,
  next: (admitted: Admitted) => void,
): void {
  exchange.whenReady(ownershipRefusal(exchange, understood.facts), (refusal) => {
    if (refusal) exchange.refuse(refusal);
    else admitOwn(exchange, understood, next);
  });
}

/** From here on it is known that the request refers to nothing of another app's. */
function admitOwn(exchange: Exchange, { facts, body }: Understood, next: (admitted: Admitted) => void): void {
  const { deps, sender, route } = exchange;
  const { app, place } = sender;
  const isMetered = route.access.kind === 'metered';
  const known = isMetered ? boundKnown(exchange, facts) : FREE_REQUEST;
  if (known instanceof Refusal) {
    exchange.refuse(known);
    return;
  }
  const unpriced = priceRefusal(exchange, facts, known.bound);
  const own = policyRefusal(exchange, facts) ?? (unpriced && hasOwnUsdLimit(exchange) ? unpriced : null);
  // Limits of the whole key hold for an observing app, too.
  const wide = unpriced && hasUsdLimit(deps.registry.keyLimits) ? unpriced : null;
  const certain = (app.mode === 'enforce' ? own : null) ?? wide;
  if (certain) {
    exchange.refuse(certain);
    return;
  }
  const rate = isMetered
    ? place.takeTokens(body?.length ?? 0, facts.clientMaxOutput, deps.monotonic())
    : null;
  if (rate && app.mode === 'enforce') {
    exchange.refuse(rate);
    return;
  }
  const refusal = own ?? rate;
  const observed = refusal ? `would_refuse:${refusal.code}` : null;
  exchange.whenReady(deps.keys.lease() ?? leaseLater(deps.keys), (lease) => {
    if (!(lease instanceof KeyLease)) {
      exchange.refuse(lease);
      return;
    }
    exchange.lease = lease;
    exchange.whenReady(partiesOf(exchange, facts), (parties) => {
      if (isRefusal(parties)) {
        exchange.refuse(parties);
        return;
      }
      const scopes = scopesOf(exchange, parties);
      const unbounded = unboundedRefusal(exchange, scopes, facts);
      if (unbounded) {
        exchange.refuse(unbounded);
        return;
      }
      const { bounded, maxToolCalls } = withToolCalls(exchange, scopes, facts, known);
      const counted = isMetered
        ? countWhereTight(exchange, scopes, facts, body, bounded, maxToolCalls)
        : bounded;
      exchange.whenReady(counted, (tight) =>
        takeHold(exchange, scopes, facts, tight, { maxToolCalls, observed }, next),
      );
    });
  });
}

/** Null when everything the request refers to is the app's own. */
function ownershipRefusal(
  { deps, sender, route, pathIds }: Exchange,
  facts: RequestFacts,
): Refusal | null | Promise<Refusal | null> {
  const inPath = route.owned ? pathIds.filter((_id, index) => route.owned?.[index] !== null) : NONE;
  if (inPath.length === 0 && facts.references.length === 0) return null;
  const checked = deps.objects.check(sender.app, [...inPath, ...facts.references]);
  return checked instanceof Promise ? checked.catch(() => refuse('ledger_unavailable')) : checked;
}

/** Names of the scopes that belong to who is behind a request: its end user, its address. */
function partiesOf(
  exchange: Exchange,
  facts: RequestFacts,
): readonly string[] | Refusal | Promise<readonly string[] | Refusal> {
  const { deps, sender, request } = exchange;
  const { perUser, perIp } = sender.app.policy;
  if (perUser.length === 0 && perIp.length === 0) return NONE;
  const parties = { user: facts.user ?? '', address: addressOf(request) };
  return deps.parties.prepare(sender.app, parties, deps.monotonic());
}

/** IPv4 as such, however the socket was opened. */
function addressOf({ socket }: IncomingMessage): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}

/** Every budget that a request counts in, the widest first. */
function scopesOf({ sender }: Exchange, parties: readonly string[]): readonly string[] {
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
  exchange: Exchange,
  scopes: readonly string[],
  facts: RequestFacts,
  bounded: BoundedRequest,
  decided: Decided,
  next: (admitted: Admitted) => void,
): void {
  const { deps, sender } = exchange;
  if (exchange.stopped) {
    exchange.abandon();
    return;
  }
  exchange.whenReady(askForHold(exchange, scopes, bounded.bound), (admission) => {
    exchange.stage = null;
    if (admission.kind === 'left') exchange.abandon();
    else if (admission.kind === 'refused') {
      exchange.refuse(quotaRefusal(admission.violation, sender.app.name, deps.calendar));
    } else {
      writeHold(exchange, facts, bounded, admission, decided, next);
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
  exchange: Exchange,
  scopes: readonly string[],
  facts: RequestFacts,
  body: Buffer | null,
  bounded: BoundedRequest,
  maxToolCalls: number | null,
): BoundedRequest | Promise<BoundedRequest> {
  const { deps } = exchange;
  if (!body || !facts.countable || body.length < MIN_COUNTED_BYTES) return bounded;
  const encoding = encodingOf(facts.model);
  if (!encoding || deps.accountant.fitsWhole(admissionOf(exchange, scopes, bounded.bound))) return bounded;
  const { mediaSpans, mediaTokens } = facts.countable;
  return deps.counter.count(encoding, textBetween(body, mediaSpans)).then((tokens) => {
    if (tokens === null || tokens + mediaTokens >= facts.worst.inputTokens) return bounded;
    const worst = { ...facts.worst, inputTokens: tokens + mediaTokens };
    const calls = facts.hosted?.maxCalls ?? maxToolCalls ?? 0;
    return boundWith(exchange, { ...facts, worst }, bounded.row, calls);
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

function admissionOf({ sender }: Exchange, scopes: readonly string[], bound: Bound): AdmissionRequest {
  return { scopes, observed: sender.app.mode === 'observe' ? scopes.slice(1) : NONE, bound };
}

function askForHold(
  exchange: Exchange,
  scopes: readonly string[],
  bound: Bound,
): Admission | Promise<Admission> {
  const { deps } = exchange;
  return deps.queue.admit(admissionOf(exchange, scopes, bound), deps.now(), (leave) => {
    exchange.stage = {
      stop(refusal) {
        if (refusal) exchange.answerRefusal(refusal);
        leave();
      },
    };
  });
}

const NONE: readonly string[] = [];

function writeHold(
  exchange: Exchange,
  facts: RequestFacts,
  bounded: BoundedRequest,
  { hold, observed }: Admission & { kind: 'admitted' },
  decided: Decided,
  next: (admitted: Admitted) => void,
): void {
  const { deps, sender } = exchange;
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
    route: exchange.endpoint,
    model: facts.model,
    streamed: facts.streamed,
    user: facts.user,
    address: sender.app.policy.perIp.length > 0 ? addressOf(exchange.request) : null,
    holdNanoUsd: hold.boundNanoUsd,
    holdInputTokens: hold.amounts.inputTokens,
    holdOutputTokens: hold.amounts.outputTokens,
  } as const;
  deps.journal.hold(entry, (written) => {
    exchange.guard(() => {
      if (!written) {
        deps.accountant.void(hold);
        exchange.refuse(refuse('ledger_unavailable'));
        return;
      }
      exchange.admitted = admitted;
      deps.events.onRequest(seq);
      next(admitted);
    });
  });
}

/** While there is no key in memory: reads the store again, as often as it allows. */
async function leaseLater(keys: KeyRing): Promise<KeyLease | Refusal> {
  const authorization = await keys.recover();
  if (!authorization.ok) return refuse(authorization.code, { problem: authorization.problem });
  return keys.lease() ?? refuse('key_unavailable', { problem: 'it was removed' });
}

function policyRefusal({ deps, sender, route }: Exchange, facts: RequestFacts): Refusal | null {
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
function priceRefusal({ deps, sender }: Exchange, facts: RequestFacts, bound: Bound): Refusal | null {
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
  exchange: Exchange,
  scopes: readonly string[],
  facts: RequestFacts,
): Refusal | null {
  const { deps, sender, route } = exchange;
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

function hasOwnUsdLimit(exchange: Exchange): boolean {
  const { limits, policy } = exchange.sender.app;
  const ofParties = [...policy.perUser, ...policy.perIp].some(({ metric }) => metric === 'usd');
  return ofParties || hasUsdLimit(limits) || runHasUsdLimit(exchange);
}

function runHasUsdLimit({ deps, sender }: Exchange): boolean {
  if (sender.token.kind !== 'run') return false;
  return deps.accountant.states(runScope(String(sender.token.id))).some(({ rule }) => rule.metric === 'usd');
}
