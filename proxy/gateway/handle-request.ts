import type { IncomingMessage, ServerResponse } from 'node:http';
import { admitRequest } from './admit-request.ts';
import { AnswerRelay } from './answer-relay.ts';
import { authenticate, type KnownSender } from './authenticate.ts';
import { bookRefusal } from './book-refusal.ts';
import { type Connection, connectionOf } from './connection.ts';
import { Exchange } from './exchange.ts';
import { API_PREFIX, findRoute } from './find-route.ts';
import { type Framing, readFraming } from './framing.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import { headersForUpstream } from './header-rules.ts';
import { answerHealth, answerPreflight, corsHeadersFor } from './local-answers.ts';
import { checkBorder } from './local-border.ts';
import { isRefusal, type Refusal, refuse, sendRefusal } from './refusal.ts';
import { rewriteBody, streamOptionsWithUsage } from './rewrite-body.ts';
import { type Admitted, pausedRefusal, type Sender } from './spending-request.ts';
import { type Understood, understandBody } from './understand-body.ts';

const HEALTH_METHODS = ['GET', 'HEAD'];

/**
 * The way of one request (DESIGN.md section 2). The order matters: framing before anything is read from
 * it, the local border before any answer that tells something, the sender before its body, the hold
 * before the first byte that goes out.
 */
export function handleRequest(
  deps: GatewayDeps,
  request: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
): void {
  const framing = readFraming(request);
  const refusal = isRefusal(framing)
    ? framing
    : checkBorder(framing, deps.names, (origin) => deps.registry.allowsOrigin(origin));
  if (isRefusal(framing) || refusal) {
    refuseStranger(deps, response, refusal ?? refuse('malformed_request'));
    return;
  }
  const connection = connectionOf(request.socket);
  const go = (isOwn: boolean): void => {
    if (isOwn) admitSender(deps, connection, framing, request, response, expectsContinue);
    else {
      deps.onFinding({ finding: 'peer_refused', appNum: null, detail: 'a connection of another local user' });
      refuseStranger(deps, response, refuse('peer_not_allowed'));
    }
  };
  const own = connection.isOwnUser(request.socket, deps.peers);
  if (own instanceof Promise) {
    own.then(go).catch((error: unknown) => {
      deps.onError(error, '');
      response.destroy();
    });
  } else go(own);
}

/** From a request of this user's to an exchange of an app's. */
function admitSender(
  deps: GatewayDeps,
  connection: Connection,
  framing: Framing,
  request: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
): void {
  const { method, origin, path } = framing;
  if (path === '/healthz' && HEALTH_METHODS.includes(method)) {
    answerHealth(response, deps.journal.healthy);
    return;
  }
  if (method === 'OPTIONS' && origin !== null) {
    answerPreflight(response, framing);
    return;
  }
  const known = authenticate(deps, framing, connection);
  if (isRefusal(known)) {
    refuseStranger(deps, response, known);
    return;
  }
  if (origin !== null && !known.app.policy.origins.includes(origin)) {
    refuseStranger(deps, response, refuse('origin_not_allowed'));
    return;
  }
  const cors = origin === null ? NO_HEADERS : corsHeadersFor(origin);
  const found = findRoute(framing, known.app);
  if (isRefusal(found)) {
    refuseSender(deps, response, known, '(unknown)', found, cors);
    return;
  }
  const startedMs = deps.monotonic();
  const sender = enter(deps, known, startedMs);
  if (isRefusal(sender)) {
    refuseSender(deps, response, known, found.route.endpoint, sender, cors);
    return;
  }
  const exchange = new Exchange(deps, connection, request, response, framing, found, sender, cors, startedMs);
  exchange.guard(() => carry(exchange, expectsContinue));
}

const NO_HEADERS: readonly string[] = [];

/** From the body to the dispatch; after that the relay goes on by itself. */
function carry(exchange: Exchange, expectsContinue: boolean): void {
  understandBody(exchange, expectsContinue, (understood) => {
    if (exchange.stopped) {
      exchange.abandon();
      return;
    }
    admitRequest(exchange, understood, (admitted) => forward(exchange, understood, admitted));
  });
}

function forward(exchange: Exchange, understood: Understood, admitted: Admitted): void {
  const { deps, framing, request } = exchange;
  const { facts } = understood;
  const authorization = exchange.lease?.authorization();
  if (!authorization || exchange.stopped) {
    exchange.endUnsent();
    return;
  }
  const { value } = authorization;
  const maxOutput = admitted.hold.maxOutputTokens ?? admitted.bounded.policyMaxOutput;
  const relay = new AnswerRelay(exchange, admitted, {
    hideUsage: facts.mustAskForUsage,
    injectedMaxOutput: maxOutput,
    injectedMaxToolCalls: admitted.maxToolCalls,
    key: value.slice('Bearer '.length),
    date: deps.today(),
  });
  const headers = headersForUpstream(request);
  headers.push('authorization', value);
  const path = framing.path.slice(API_PREFIX.length) + framing.query;
  const body = bodyForUpstream(understood, maxOutput, admitted.maxToolCalls);
  deps.upstream.dispatch({ method: framing.method, path, headers, body }, relay);
}

/** The bytes as they came, unless the proxy must ask for usage, or put a maximum in. */
function bodyForUpstream(
  { facts, body }: Understood,
  maxOutput: number | null,
  maxToolCalls: number | null,
): Buffer | null {
  const { document, maxOutputField } = facts;
  if (!body || !document) return body;
  const changes = new Map<string, string>();
  if (maxToolCalls !== null) changes.set('max_tool_calls', String(maxToolCalls));
  if (maxOutput !== null && maxOutputField !== null) changes.set(maxOutputField, String(maxOutput));
  if (facts.mustAskForUsage) changes.set('stream_options', streamOptionsWithUsage(body, document));
  return changes.size > 0 ? rewriteBody(body, document, changes) : body;
}

function enter(deps: GatewayDeps, sender: KnownSender, nowMs: number): Sender | Refusal {
  const { app } = sender;
  if (app.pausedAtMs !== null) return pausedRefusal(app);
  const place = deps.traffic.enter(app, nowMs);
  return isRefusal(place) ? place : { ...sender, place };
}

/** Refuses a request that is nobody's yet; nothing is booked. */
function refuseStranger(deps: GatewayDeps, response: ServerResponse, refusal: Refusal): void {
  sendRefusal(response, refusal, deps.ids.format(deps.ids.next()));
}

/** Refuses a known sender before its body was read, and books the refusal. */
function refuseSender(
  deps: GatewayDeps,
  response: ServerResponse,
  sender: KnownSender,
  endpoint: string,
  refusal: Refusal,
  cors: readonly string[],
): void {
  const seq = deps.ids.next();
  const status = sendRefusal(response, refusal, deps.ids.format(seq), cors);
  bookRefusal(deps, { sender, seq, endpoint, model: '', user: null, status, refusal });
}
