import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket, WebSocketServer } from 'ws';
import { authenticate, type KnownSender } from '../authenticate.ts';
import { bookRefusal } from '../book-refusal.ts';
import { isCodex } from '../codex-refusal.ts';
import { addressOf, type Connection, connectionOf } from '../connection.ts';
import { API_PREFIX, findSocketRoute } from '../find-route.ts';
import { type Framing, readFraming } from '../framing.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import { leaseKey } from '../lease-key.ts';
import { checkBorder } from '../local-border.ts';
import { refuseRaw } from '../raw-answer.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { type FoundRoute, pausedRefusal } from '../spending-request.ts';
import { endUserOf } from '../understand-body.ts';
import { dialUpstream } from './dial-upstream.ts';
import { MAX_FRAME_BYTES } from './frames.ts';
import { handshakeHeaders, type OfferedProtocols, readOffer, refusalOfSession } from './handshake.ts';
import { openSession } from './open-session.ts';
import { passRefusal } from './pass-refusal.ts';
import { SocketRelay } from './socket-relay.ts';

/** One upgrade and where it stands. */
interface Opening {
  readonly deps: GatewayDeps;
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly framing: Framing;
}

/**
 * The way of a WebSocket: the same gates as for a request, in the same order. OpenAI's side is opened
 * first, with the key; the client's is accepted when that is there, with the subprotocol OpenAI chose.
 */
export function handleUpgrade(
  deps: GatewayDeps,
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): void {
  // A client that leaves during the handshake is no error; what follows sees the socket close.
  socket.on('error', () => undefined);
  const framing = readFraming(request);
  const refusal = isRefusal(framing)
    ? framing
    : checkBorder(framing, deps.names, (origin) => deps.registry.allowsOrigin(origin));
  if (isRefusal(framing) || refusal) {
    refuseRaw(socket, refusal ?? refuse('malformed_request'), deps, deps.ids.next());
    return;
  }
  openFor({ deps, request, socket, head, framing }).catch((error: unknown) => {
    deps.onError(error, '');
    socket.destroy();
  });
}

async function openFor(opening: Opening): Promise<void> {
  const { deps, request, socket, framing } = opening;
  const connection = connectionOf(socket);
  if (!(await connection.isOwnUser(socket, deps.peers))) {
    deps.onFinding({ finding: 'peer_refused', appNum: null, detail: 'a connection of another local user' });
    refuseStranger(opening, refuse('peer_not_allowed'));
    return;
  }
  const offered = readOffer(request);
  const known = authenticateUpgrade(opening, connection, offered);
  if (isRefusal(known)) {
    refuseStranger(opening, known);
    return;
  }
  const { origin } = framing;
  if (origin !== null && !known.app.policy.origins.includes(origin)) {
    refuseStranger(opening, refuse('origin_not_allowed'));
    return;
  }
  const found = findSocketRoute(framing, known.app);
  if (isRefusal(found) || isRefusal(offered)) {
    const refusal = isRefusal(found) ? found : refuse('upgrade_refused');
    refuseSender(opening, known, '(unknown)', isRefusal(offered) ? offered : refusal);
    return;
  }
  await connect(opening, connection, known, found, offered);
}

/** The token of the header, or of the subprotocols of a browser. */
function authenticateUpgrade(
  { deps, framing }: Opening,
  connection: Connection,
  offered: OfferedProtocols | Refusal,
): KnownSender | Refusal {
  const token = isRefusal(offered) ? null : offered.token;
  const authorization = framing.authorization ?? (token === null ? null : `Bearer ${token}`);
  return authenticate(deps, { ...framing, authorization }, connection);
}

async function connect(
  opening: Opening,
  connection: Connection,
  known: KnownSender,
  found: FoundRoute,
  offered: OfferedProtocols,
): Promise<void> {
  const { deps, request, socket, framing } = opening;
  const { endpoint } = found.route;
  const { app } = known;
  const user = endUserOf(request);
  const unspoken = refusalOfSession(request, framing, found.route);
  if (isRefusal(user) || unspoken) {
    refuseSender(opening, known, endpoint, isRefusal(user) ? user : (unspoken ?? refuse('upgrade_refused')));
    return;
  }
  const place = app.pausedAtMs !== null ? pausedRefusal(app) : deps.sockets.enter(app);
  if (isRefusal(place)) {
    refuseSender(opening, known, endpoint, place);
    return;
  }
  const lease = await leaseKey(deps.keys);
  const authorization = isRefusal(lease) ? null : lease.authorization();
  if (isRefusal(lease) || !authorization) {
    place.leave();
    refuseSender(opening, known, endpoint, isRefusal(lease) ? lease : refuse('shutting_down'));
    return;
  }
  const left = new AbortController();
  const leave = (): void => left.abort();
  socket.once('close', leave);
  const dialled = await dialUpstream(deps.upstream, {
    path: framing.path.slice(API_PREFIX.length) + framing.query,
    headers: handshakeHeaders(request, authorization.value),
    protocols: offered.passed,
    signal: left.signal,
  });
  socket.off('close', leave);
  const giveBack = (): void => {
    lease.release();
    place.leave();
  };
  if (dialled.kind === 'refused') {
    const status = await passRefusal(deps, socket, dialled.answer, lease);
    book(opening, known, endpoint, deps.ids.next(), status, refuse('upstream_broken'));
    giveBack();
    return;
  }
  if (dialled.kind === 'failed') {
    refuseSender(opening, known, endpoint, refuse('upstream_unreachable', { problem: dialled.problem }));
    giveBack();
    return;
  }
  const { socket: upstream, raw: upstreamRaw } = dialled;
  // A pause or a revoked token in the meantime has found nothing to cut.
  const still = authenticateUpgrade(opening, connection, offered);
  const refusal = isRefusal(still) ? still : still.app.pausedAtMs !== null ? pausedRefusal(still.app) : null;
  if (refusal || isRefusal(still)) {
    upstream.terminate();
    giveBack();
    refuseSender(opening, known, endpoint, refusal ?? refuse('invalid_app_token'));
    return;
  }
  const client = await accept(opening, upstream.protocol);
  if (!client) {
    upstream.terminate();
    giveBack();
    return;
  }
  const query = new URLSearchParams(framing.query);
  const forCodex = isCodex(request.headers);
  const scene = { deps, found, sender: still, address: addressOf(socket), user, isCodex: forCodex, query };
  new SocketRelay({
    deps,
    sender: still,
    client,
    clientRaw: socket,
    upstream,
    upstreamRaw,
    place,
    lease,
    open: (relay) => openSession({ ...scene, relay }),
  });
}

/** Answers the client's handshake with the subprotocol that OpenAI chose; null when it has left. */
async function accept({ request, socket, head }: Opening, protocol: string): Promise<WebSocket | null> {
  server ??= await createServer();
  if (socket.destroyed) return null;
  chosen.set(request, protocol);
  const accepting = server;
  return new Promise((resolve) => {
    const leave = (): void => resolve(null);
    socket.once('close', leave);
    accepting.handleUpgrade(request, socket, head, (client) => {
      socket.off('close', leave);
      resolve(client);
    });
  });
}

const chosen = new WeakMap<IncomingMessage, string>();
let server: WebSocketServer | null = null;

async function createServer(): Promise<WebSocketServer> {
  const { WebSocketServer: Server } = await import('ws');
  return new Server({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    handleProtocols: (_offered, request) => chosen.get(request) || false,
  });
}

/** Refuses an upgrade that is nobody's yet; nothing is booked. */
function refuseStranger({ deps, socket }: Opening, refusal: Refusal): void {
  refuseRaw(socket, refusal, deps, deps.ids.next());
}

function refuseSender(opening: Opening, sender: KnownSender, endpoint: string, refusal: Refusal): void {
  const { deps, socket } = opening;
  const seq = deps.ids.next();
  book(opening, sender, endpoint, seq, refuseRaw(socket, refusal, deps, seq), refusal);
}

function book(
  { deps }: Opening,
  sender: KnownSender,
  endpoint: string,
  seq: number,
  status: number,
  refusal: Refusal,
): void {
  bookRefusal(deps, { sender, seq, endpoint, model: '', user: null, status, refusal });
}
