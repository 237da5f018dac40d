import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Express, NextFunction, Request, Response } from 'express';
import { createServer } from '../node-http.ts';

export interface DashboardDeps {
  readonly version: string;
  /** Whether a Host header names this very server. */
  isOurHost(host: string): boolean;
  /** Where programs send their requests. */
  baseUrl(): string;
  onError(error: unknown): void;
}

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self' data:; connect-src 'self'; script-src 'self'; " +
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
} as const;

/**
 * The dashboard's own port. It shows nothing yet that is not printed on the terminal as well, and knows
 * no session, so it has nothing to give away; the guard against foreign names is there all the same.
 * Express is loaded when the first page is asked for.
 */
export function createDashboardServer(deps: DashboardDeps): Server {
  let app: Promise<Express> | null = null;
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, requireHostHeader: false },
    (request, response) => {
      if (!isWellFormed(request)) {
        refuse(response, 400, 'The HTTP request is malformed.\n');
        return;
      }
      if (!isAllowed(request, deps)) {
        refuse(response, 403, FOREIGN);
        return;
      }
      app ??= createApp(deps);
      app
        .then((handle) => handle(request, response))
        .catch((error: unknown) => {
          deps.onError(error);
          response.destroy();
        });
    },
  );
  // Node would silently drop what is above; we count ourselves.
  server.maxHeadersCount = 0;
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

const FOREIGN = 'This address is not the dashboard. Open it exactly as `tollgate serve` prints it.\n';
/** A few windows of one user. */
const MAX_CONNECTIONS = 200;
const MAX_HEADERS = 100;

/** HTTP/1.1 with a path for a target, one Host, and few enough headers that none can hide another. */
function isWellFormed({ httpVersion, rawHeaders, url }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  const isPath = url?.startsWith('/') === true && !url.startsWith('//');
  return httpVersion === '1.1' && hosts.length === 1 && isPath && rawHeaders.length <= MAX_HEADERS * 2;
}

/** Pages of other origins are neither shown nor answered; typing the address sends no origin. */
function isAllowed({ headers }: IncomingMessage, deps: DashboardDeps): boolean {
  const site = headers['sec-fetch-site'];
  const isOwnPage = site === undefined || site === 'none' || site === 'same-origin';
  return deps.isOurHost(headers.host ?? '') && headers.origin === undefined && isOwnPage;
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
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((_request, response, next) => {
    response.set(SECURITY_HEADERS);
    next();
  });
  app.get('/', (_request, response) => {
    response.type('html').send(page(deps));
  });
  app.get('/page.css', (_request, response) => {
    response.type('css').send(STYLE);
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

const STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 42rem; margin: 4rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; }
pre { padding: .75rem 1rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .5rem; overflow-x: auto; }
`;

function page(deps: DashboardDeps): string {
  const baseUrl = deps.baseUrl().replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tollgate</title><link rel="stylesheet" href="/page.css"></head>
<body><main>
<h1>Tollgate is running</h1>
<p>Programs on this machine reach OpenAI at</p>
<pre>${baseUrl}</pre>
<p>with an app token instead of the key. The dashboard is not part of this version; these commands show the same in a terminal:</p>
<pre>npx tollgate app create NAME --limit usd=5/day
npx tollgate usage
npx tollgate requests --follow</pre>
</main></body>
</html>
`;
}
