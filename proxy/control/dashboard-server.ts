import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Express, NextFunction, Request, Response } from 'express';
import { AppError } from '../contract/errors.ts';
import { contentSecurityPolicy, PAGE_HEADERS } from '../contract/page-policy.ts';
import { isScreenPath } from '../contract/screens.ts';
import { createServer } from '../node-http.ts';
import type { ControlDeps } from './control-deps.ts';
import { openControlDoor } from './control-door.ts';
import { sessionToken, turnAway } from './dashboard-guard.ts';
import { findPageDir, PLAIN_PAGE, PLAIN_STYLE, pageWithNonce, readPage } from './dashboard-page.ts';

export interface DashboardDeps {
  readonly control: ControlDeps;
  /** The folder of the built page; looked for when null. */
  readonly pageDir: string | null;
  /** Whether a Host header names this very server. */
  isOurHost(host: string): boolean;
  /** Whether the user who runs the engine is at the other end. */
  isOwnUser(socket: Socket): boolean | Promise<boolean>;
  onError(error: unknown): void;
}

const SECURITY_HEADERS = {
  ...PAGE_HEADERS,
  'content-security-policy': contentSecurityPolicy(null),
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
} as const;

/** A few windows of one user. */
const MAX_CONNECTIONS = 200;
const MAX_LINK_BYTES = 1_024;
const CALL = /^\/(?:rpc|api\/v1)\//;
/** A call as the contract has them; one and the same call is not to be had under several paths. */
const EXACT_CALL = /^\/(?:rpc|api\/v1)\/[A-Za-z]+\/[A-Za-z]+$/;

/**
 * The dashboard's own port: the built page, the exchange of a one-time link for a session, and the control
 * contract for whoever sends the session's token in a header. There is no cookie, so nothing that another
 * page makes a browser send can be taken for the user. Express and the contract are loaded when they are
 * first asked for.
 */
export function createDashboardServer(deps: DashboardDeps): Server {
  let app: Promise<Express> | null = null;
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    app ??= createApp(deps);
    app
      .then((handle) => handle(request, response))
      .catch((error: unknown) => {
        deps.onError(error);
        response.destroy();
      });
  };
  const owners = new WeakMap<Socket, boolean | Promise<boolean>>();
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, requireHostHeader: false },
    (request, response) => {
      const turned = turnAway(request, deps.isOurHost);
      if (turned) {
        refuse(response, turned.status, turned.text);
        return;
      }
      const { socket } = request;
      const owner = owners.get(socket) ?? deps.isOwnUser(socket);
      owners.set(socket, owner);
      const go = (isOwn: boolean): void => {
        if (isOwn) serve(request, response);
        else refuse(response, 403, 'The connection comes from another user of this machine.\n');
      };
      if (typeof owner === 'boolean') go(owner);
      else owner.then(go, () => response.destroy());
    },
  );
  // Node would silently drop what is above; we count ourselves.
  server.maxHeadersCount = 0;
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'content-type': 'text/plain; charset=utf-8',
    connection: 'close',
  });
  response.end(text);
}

async function createApp(deps: DashboardDeps): Promise<Express> {
  const { default: express } = await import('express');
  const page = readPage(deps.pageDir ?? findPageDir());
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.use((_request, response, next) => {
    response.set(SECURITY_HEADERS);
    next();
  });
  app.get(/.*/, (request, response, next) => {
    if (!isScreenPath(request.path)) {
      next();
      return;
    }
    if (page.index === null) {
      response.type('html').send(PLAIN_PAGE);
      return;
    }
    const { nonce, html } = pageWithNonce(page.index);
    response.set('content-security-policy', contentSecurityPolicy(nonce)).type('html').send(html);
  });
  app.post('/session', (request, response) => {
    exchangeLink(deps, request, response).catch((error: unknown) => fail(deps, response, error, false));
  });
  app.post(CALL, (request, response) => {
    answerCall(deps, request, response).catch((error: unknown) =>
      fail(deps, response, error, request.path.startsWith('/rpc/')),
    );
  });
  app.get(/.*/, (request, response) => {
    const file = page.files.get(request.path);
    if (file) {
      if (file.isLasting) response.set('cache-control', 'private, max-age=31536000, immutable');
      response.set('content-type', file.type).send(file.body);
    } else if (page.index === null && request.path === '/page.css') response.type('css').send(PLAIN_STYLE);
    else response.status(404).type('text').send('Not found.\n');
  });
  app.use((_request, response) => {
    response.status(404).type('text').send('Not found.\n');
  });
  // Express would show the stack.
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    deps.onError(error);
    response.status(500).type('text').send('The dashboard failed on this request.\n');
  });
  return app;
}

/** `{"link": SECRET}` for `{"session": TOKEN, "endsAt", "idleEndsAt"}`; the link is used up. */
async function exchangeLink({ control }: DashboardDeps, request: Request, response: Response): Promise<void> {
  const secret = await readLink(request);
  const { token, session } = control.sessions.exchange(secret, request.get('user-agent') ?? '');
  const view = control.sessions.list(session.id).find(({ current }) => current);
  response.json({ session: token, endsAt: view?.endsAt ?? null, idleEndsAt: view?.idleEndsAt ?? null });
}

/** @throws AppError `link_invalid` for whatever is no link */
async function readLink(request: Request): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_LINK_BYTES) throw new AppError('link_invalid');
  }
  try {
    const body: unknown = JSON.parse(text);
    const link = typeof body === 'object' && body !== null && 'link' in body ? body.link : null;
    if (typeof link === 'string' && /^[A-Za-z0-9_-]{43}$/.test(link)) return link;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  // Counts as a wrong one.
  return '';
}

const doors = new WeakMap<ControlDeps, ReturnType<typeof openControlDoor>>();

/** One for both addresses that the server listens on. */
function doorOf(control: ControlDeps): ReturnType<typeof openControlDoor> {
  let door = doors.get(control);
  if (!door) {
    door = openControlDoor(control);
    doors.set(control, door);
  }
  return door;
}

async function answerCall({ control }: DashboardDeps, request: Request, response: Response): Promise<void> {
  const token = sessionToken(request);
  const session = token === null ? null : control.sessions.authenticate(token);
  if (!session) throw new AppError('session_invalid');
  if (!EXACT_CALL.test(request.path)) {
    response.status(404).type('text').send('Not found.\n');
    return;
  }
  const close = control.sessions.openStream(session);
  response.once('close', close);
  const answer = await doorOf(control);
  const matched = await answer(request, response, {
    door: 'dashboard',
    sessionId: session.id,
    ended: session.ended.signal,
  });
  if (!matched) response.status(404).type('text').send('Not found.\n');
}

/** Errors of the table in the form that clients of the contract read. */
function fail({ onError }: DashboardDeps, response: Response, error: unknown, isRpc: boolean): void {
  if (!(error instanceof AppError)) onError(error);
  const known = error instanceof AppError ? error : new AppError('internal_error');
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { code, status, message, hint, details } = known;
  const body = { defined: true, code, status, message, data: { hint, details } };
  response
    .status(status)
    .set('connection', 'close')
    .json(isRpc ? { json: body } : body);
}
