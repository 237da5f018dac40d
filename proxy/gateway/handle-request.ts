import type { IncomingMessage, ServerResponse } from 'node:http';
import { admit, type Inspected, inspectBody } from './admit-request.ts';
import { AnswerRelay } from './answer-relay.ts';
import { authenticate, type KnownSender } from './authenticate.ts';
import { connectionOf } from './connection.ts';
import { type Admitted, Exchange, pausedRefusal, type Sender } from './exchange.ts';
import { type Framing, readFraming } from './framing.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import { headersForUpstream } from './header-rules.ts';
import { answerHealth, answerPreflight, corsHeadersFor } from './local-answers.ts';
import { checkBorder } from './local-border.ts';
import { isRefusal, type Refusal, refuse, sendRefusal } from './refusal.ts';
import { rewriteBody, streamOptionsWithUsage } from './rewrite-body.ts';
import { matchRoute, type Route } from './routes.ts';

const API_PREFIX = '/v1';
const HEALTH_METHODS = ['GET', 'HEAD'];

/**
 * The way of one request (DESIGN.md section 2). The order matters: framing before anything is read from
 * it, the local border before any answer that tells something, the sender before its body, the hold
 * before the first byte that goes out.
 */
export async function handleRequest(
  deps: GatewayDeps,
  request: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
): Promise<void> {
  const startedMs = deps.monotonic();
  const early = (refusal: Refusal): void => {
    sendRefusal(response, refusal, deps.ids.format(deps.ids.next()));
  };
  const framing = readFraming(request);
  if (isRefusal(framing)) return early(framing);
  const border = checkBorder(framing, deps.names, (origin) => deps.registry.allowsOrigin(origin));
  if (border) return early(border);
  const connection = connectionOf(request.socket);
  const own = connection.isOwnUser(request.socket, deps.peers);
  if (!(own === true || (await own))) {
    deps.onFinding({ finding: 'peer_refused', appNum: null, detail: 'a connection of another local user' });
    return early(refuse('peer_not_allowed'));
  }
  if (framing.path === '/healthz' && HEALTH_METHODS.includes(framing.method)) {
    return answerHealth(response, deps.journal.healthy);
  }
  if (framing.method === 'OPTIONS' && framing.origin !== null) return answerPreflight(response, framing);

  const sender = authenticate(deps, framing, connection);
  if (isRefusal(sender)) return early(sender);
  const { origin } = framing;
  if (origin !== null && !sender.app.policy.origins.includes(origin)) {
    return early(refuse('origin_not_allowed'));
  }
  const cors = origin === null ? [] : corsHeadersFor(origin);
  const route = findRoute(framing);
  const entered = isRefusal(route) ? route : enter(deps, sender, startedMs);
  if (isRefusal(route) || isRefusal(entered)) {
    const refusal = isRefusal(route) ? route : (entered as Refusal);
    return refuseSender(
      deps,
      response,
      sender,
      isRefusal(route) ? '(unknown)' : route.endpoint,
      refusal,
      cors,
    );
  }
  const exchange = new Exchange(
    deps,
    connection,
    request,
    response,
    framing,
    route,
    entered,
    cors,
    startedMs,
  );
  await carry(exchange, expectsContinue).catch((error: unknown) => {
    deps.onError(error, exchange.admitted ? deps.ids.format(exchange.admitted.seq) : '');
    exchange.fail();
  });
}

/** From the body to the dispatch; after that the relay goes on by itself. */
async function carry(exchange: Exchange, expectsContinue: boolean): Promise<void> {
  const inspected = await inspectBody(exchange, expectsContinue);
  if (inspected === null || exchange.stopped) return exchange.abandon();
  if (isRefusal(inspected)) return exchange.refuse(inspected);
  const admitted = await admit(exchange, inspected.facts, inspected.body?.length ?? 0);
  if (admitted === null) return exchange.abandon();
  if (isRefusal(admitted)) return exchange.refuse(admitted);
  forward(exchange, inspected, admitted);
}

function forward(exchange: Exchange, inspected: Inspected, admitted: Admitted): void {
  const { deps, framing, request } = exchange;
  const { facts } = inspected;
  const authorization = admitted.lease.authorization();
  if (!authorization || exchange.stopped) {
    exchange.endUnsent();
    return;
  }
  const { value } = authorization;
  const maxOutput = admitted.hold.maxOutputTokens ?? admitted.bounded.policyMaxOutput;
  const relay = new AnswerRelay(exchange, admitted, {
    hideUsage: facts.mustAskForUsage,
    injectedMaxOutput: maxOutput,
    key: value.slice('Bearer '.length),
    date: deps.today(),
  });
  const headers = headersForUpstream(request);
  headers.push('authorization', value);
  const path = framing.path.slice(API_PREFIX.length) + framing.query;
  const body = bodyForUpstream(inspected, maxOutput);
  deps.upstream.dispatch({ method: framing.method, path, headers, body }, relay);
}

/** The bytes as they came, unless the proxy must ask for usage or shorten the answer. */
function bodyForUpstream({ facts, body }: Inspected, maxOutput: number | null): Buffer | null {
  const { document, maxOutputField } = facts;
  if (!body || !document) return body;
  const changes = new Map<string, string>();
  if (maxOutput !== null && maxOutputField !== null) changes.set(maxOutputField, String(maxOutput));
  if (facts.mustAskForUsage) changes.set('stream_options', streamOptionsWithUsage(body, document));
  return changes.size > 0 ? rewriteBody(body, document, changes) : body;
}

function findRoute(framing: Framing): Route | Refusal {
  const { method, path } = framing;
  const shown = path.slice(0, 200);
  if (!path.startsWith(`${API_PREFIX}/`)) return refuse('route_unknown', { method, path: shown });
  const match = matchRoute(method, path.slice(API_PREFIX.length));
  switch (match.kind) {
    case 'route':
      return match.route;
    case 'wrong-method': {
      const { allow } = match;
      return refuse('method_not_allowed', { method, path: shown, allow: allow.join(', ') }, { allow });
    }
    case 'family': {
      const why = 'why' in match.access ? match.access.why : '';
      const code = match.access.kind === 'refused' ? 'endpoint_refused' : 'endpoint_not_allowed';
      return refuse(code, { method, path: shown, why });
    }
    case 'unknown':
      return refuse('route_unknown', { method, path: shown });
  }
}

function enter(deps: GatewayDeps, sender: KnownSender, nowMs: number): Sender | Refusal {
  const { app } = sender;
  if (app.pausedAtMs !== null) return pausedRefusal(app);
  const place = deps.traffic.enter(app, nowMs);
  return isRefusal(place) ? place : { ...sender, place };
}

/** Refuses a known sender before its body was read, and books the refusal. */
function refuseSender(
  deps: GatewayDeps,
  response: ServerResponse,
  { app, token }: KnownSender,
  endpoint: string,
  refusal: Refusal,
  cors: readonly string[],
): void {
  const seq = deps.ids.next();
  const status = sendRefusal(response, refusal, deps.ids.format(seq), cors);
  deps.refusals.record({
    seq,
    atMs: deps.accountant.tick(deps.now()),
    appNum: app.num,
    tokenId: token.id,
    route: endpoint,
    model: '',
    user: null,
    status,
    reason: refusal.code,
  });
  deps.events.onRequest(seq);
}
