import { appScope, KEY_SCOPE, runScope, type Violation } from '../admission/accountant.ts';
import type { Calendar } from '../admission/calendar.ts';
import { formatCount, type Metric } from '../contract/limits.ts';
import { formatUsd } from '../contract/money.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { KeyLease } from '../keys/key-slot.ts';
import { hasUsdLimit } from '../ledger/registry.ts';
import { readBody } from './body-reader.ts';
import { boundRequest, priceRowFor } from './bound-request.ts';
import type { Admitted, Exchange } from './exchange.ts';
import { inspecting } from './inspect/fields.ts';
import {
  inspectImagesForm,
  inspectImagesJson,
  inspectSpeech,
  inspectTranscription,
} from './inspect/media-endpoints.ts';
import type { RequestFacts } from './inspect/request-facts.ts';
import {
  inspectChat,
  inspectCompletions,
  inspectEmbeddings,
  inspectFree,
  inspectResponses,
} from './inspect/text-endpoints.ts';
import { matchesAnyGlob } from './model-glob.ts';
import { type Part, parseMultipart } from './multipart.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';
import type { MeterKind } from './routes.ts';
import { type JsonDocument, type JsonResult, parseStrictJson } from './strict-json.ts';

export interface Inspected {
  readonly facts: RequestFacts;
  readonly body: Buffer | null;
}

/** Reads and understands the body. Null when the client left. */
export async function inspectBody(
  exchange: Exchange,
  expectsContinue: boolean,
): Promise<Inspected | Refusal | null> {
  const { framing, route, response } = exchange;
  if (route.body === 'none') {
    if (framing.hasBody) return refuse('malformed_request', { problem: `${framing.method} has a body` });
    const facts = inspectFree(null);
    exchange.facts = facts;
    return { facts, body: null };
  }
  const isMultipart = framing.mediaType === 'multipart/form-data';
  const isJson = framing.mediaType === 'application/json';
  const takes = { json: isJson, multipart: isMultipart, 'json-or-multipart': isJson || isMultipart }[
    route.body
  ];
  if (!takes) {
    const expected = route.body === 'multipart' ? 'multipart/form-data' : 'application/json';
    return refuse('unsupported_media_type', { expected });
  }
  if (expectsContinue) response.writeContinue();
  const body = await readBody(exchange);
  if (body === null || isRefusal(body)) return body as Refusal | null;
  const reading = isMultipart ? inspectForm(exchange, body) : inspectJson(exchange, body);
  const facts = reading instanceof Promise ? await reading : reading;
  if (isRefusal(facts)) return facts;
  exchange.facts = facts;
  return { facts, body };
}

function inspectJson(
  exchange: Exchange,
  body: Buffer,
): RequestFacts | Refusal | Promise<RequestFacts | Refusal> {
  const { access } = exchange.route;
  const meter = access.kind === 'metered' ? access.meter : null;
  const inspect = (result: JsonResult): RequestFacts | Refusal => {
    if (!result.ok) return refuse('invalid_json', { problem: result.problem });
    return inspecting(() => inspectDocument(meter, result.document, body.length));
  };
  const parsed = parseStrictJson(body);
  return parsed instanceof Promise ? parsed.then(inspect) : inspect(parsed);
}

function inspectDocument(meter: MeterKind | null, document: JsonDocument, bytes: number): RequestFacts {
  switch (meter) {
    case 'chat':
      return inspectChat(document, bytes);
    case 'completions':
      return inspectCompletions(document, bytes);
    case 'responses':
      return inspectResponses(document, bytes);
    case 'embeddings':
      return inspectEmbeddings(document, bytes);
    case 'images':
      return inspectImagesJson(document, bytes);
    case 'speech':
      return inspectSpeech(document, bytes);
    default:
      return inspectFree(document);
  }
}

async function inspectForm(exchange: Exchange, body: Buffer): Promise<RequestFacts | Refusal> {
  const result = parseMultipart(body, exchange.framing.contentType);
  if (!result.ok) return refuse('invalid_multipart', { problem: result.problem });
  const { access } = exchange.route;
  const read = (parts: readonly Part[]): RequestFacts | Promise<RequestFacts> =>
    access.kind === 'metered' && access.meter === 'images'
      ? inspectImagesForm(parts)
      : inspectTranscription(parts);
  const facts = inspecting(() => read(result.parts));
  return facts instanceof Promise ? inspectingLater(facts) : facts;
}

async function inspectingLater(facts: Promise<RequestFacts>): Promise<RequestFacts | Refusal> {
  const settled = await facts.then(
    (value) => () => value,
    (error: unknown) => (): RequestFacts => {
      throw error;
    },
  );
  return inspecting(settled);
}

/** Policy, price, bound, hold, durability. Null when the client left. */
export async function admit(
  exchange: Exchange,
  facts: RequestFacts,
  bodyBytes: number,
): Promise<Admitted | Refusal | null> {
  const { deps, sender, route } = exchange;
  const { app, token, place } = sender;
  const policy = policyRefusal(exchange, facts);
  if (policy && app.mode === 'enforce') return policy;
  if (policy) exchange.observedPolicy = `would_refuse:${policy.code}`;
  const clientMax = facts.clientMaxOutput;
  const rate =
    route.access.kind === 'metered' ? place.takeTokens(bodyBytes, clientMax, deps.monotonic()) : null;
  if (rate && app.mode === 'enforce') return rate;

  const lease = deps.keys.lease() ?? (await leaseLater(deps.keys));
  if (!(lease instanceof KeyLease)) return lease;

  const row = route.access.kind === 'metered' ? priceRowFor(deps.book, facts.model, app.policy) : null;
  const bounded = boundRequest(facts, row, deps.book, app.policy, deps.today());
  const scopes = [KEY_SCOPE, appScope(app.id)];
  if (token.kind === 'run') scopes.push(runScope(String(token.id)));
  const isFree = route.access.kind !== 'metered';
  const bound = isFree
    ? { ...bounded.bound, inputTokens: 0, outputTokens: 0, canShorten: false, costNanoUsd: () => 0 }
    : bounded.bound;
  const observed = app.mode === 'observe' ? scopes.slice(1) : [];
  const waiting = deps.queue.admit({ scopes, observed, bound }, deps.now(), (leave) => {
    exchange.stage = {
      stop(refusal) {
        if (refusal) exchange.answerRefusal(refusal);
        leave();
      },
    };
  });
  const admission = waiting instanceof Promise ? await waiting : waiting;
  exchange.stage = null;
  if (admission.kind === 'left') {
    lease.release();
    return null;
  }
  if (admission.kind === 'refused') {
    lease.release();
    return quotaRefusal(admission.violation, app.name, deps.calendar);
  }
  const { hold } = admission;
  const seq = deps.ids.next();
  const written = await deps.journal.hold({
    kind: 'hold',
    seq,
    atMs: hold.atMs,
    appNum: app.num,
    tokenId: token.id,
    route: exchange.endpoint,
    model: facts.model,
    streamed: facts.streamed,
    user: facts.user,
    holdNanoUsd: hold.boundNanoUsd,
    holdInputTokens: hold.amounts.inputTokens,
    holdOutputTokens: hold.amounts.outputTokens,
  });
  if (!written) {
    deps.accountant.void(hold);
    lease.release();
    return refuse('ledger_unavailable');
  }
  const reason = admission.observed
    ? `would_refuse:${metricOf(admission.observed)}`
    : exchange.observedPolicy;
  const admitted: Admitted = { seq, hold, bounded: { ...bounded, bound }, lease, observed: reason };
  exchange.admitted = admitted;
  deps.events.onRequest(seq);
  return admitted;
}

/** While there is no key in memory: reads the store again, as often as it allows. */
async function leaseLater(keys: KeyRing): Promise<KeyLease | Refusal> {
  const authorization = await keys.recover();
  if (!authorization.ok) return refuse(authorization.code, { problem: authorization.problem });
  return keys.lease() ?? refuse('key_unavailable', { problem: 'it was removed' });
}

function policyRefusal(exchange: Exchange, facts: RequestFacts): Refusal | null {
  const { deps, sender, route } = exchange;
  const { app } = sender;
  const { policy } = app;
  const model = facts.model.slice(0, 100);
  if (route.access.kind !== 'metered') return null;
  if (policy.models.length > 0 && !matchesAnyGlob(facts.model, policy.models)) {
    return refuse('model_not_allowed', { app: app.name, model: model || '(none)' }, { param: 'model' });
  }
  if (priceRowFor(deps.book, facts.model, policy)) return null;
  const enforced =
    app.mode === 'enforce' ? [...app.limits, ...deps.registry.keyLimits] : deps.registry.keyLimits;
  if (!hasUsdLimit(enforced) && !runHasUsdLimit(exchange)) return null;
  return refuse('model_price_unknown', { app: app.name, model }, { param: 'model' });
}

function runHasUsdLimit({ deps, sender }: Exchange): boolean {
  if (sender.token.kind !== 'run') return false;
  return deps.accountant.states(runScope(String(sender.token.id))).some(({ rule }) => rule.metric === 'usd');
}

function metricOf(violation: Violation): string {
  return `${violation.rule.metric}/${violation.rule.window}`;
}

const WINDOW_WORDS = {
  minute: 'per minute',
  hour: 'per hour',
  day: 'per day',
  week: 'per week',
  month: 'per month',
  total: 'in total',
} as const;

/** Names app, limit, amounts and reset, so that nobody has to look anything up. */
function quotaRefusal(violation: Violation, appName: string, calendar: Calendar): Refusal {
  const { rule, settled, held, needed, resetsAtMs, scope } = violation;
  const amount = (value: number): string => formatAmount(rule.metric, value);
  const whose =
    scope === KEY_SCOPE ? 'the whole key' : scope.startsWith('run:') ? 'this run' : `app "${appName}"`;
  const used = `${amount(settled)} used${held > 0 ? ` and ${amount(held)} held for requests in flight` : ''}`;
  const reset = resetsAtMs === null ? 'it does not reset' : `resets ${calendar.format(resetsAtMs)}`;
  const problem =
    `Limit of ${amount(rule.amount)} ${WINDOW_WORDS[rule.window]} for ${whose} would be exceeded: ${used}, ` +
    `and this request of app "${appName}" could take up to ${amount(needed)}; ${reset}`;
  return refuse('quota_exceeded', { problem });
}

function formatAmount(metric: Metric, value: number): string {
  if (metric === 'usd') return formatUsd(value);
  return `${formatCount(value)} ${metric.replace('_', ' ')}`;
}
