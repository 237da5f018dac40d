import type { App } from '../ledger/registry.ts';
import type { Framing } from './framing.ts';
import { isPlainPath } from './path-match.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Route, RouteAccess } from './route.ts';
import { matchRoute, matchSocketRoute } from './routes.ts';
import type { FoundRoute } from './spending-request.ts';

export const API_PREFIX = '/v1';

/** The route of an HTTP request, if the app may take it. */
export function findRoute(framing: Framing, app: App): FoundRoute | Refusal {
  const { method, path } = framing;
  const shown = shownPath(path);
  if (!path.startsWith(`${API_PREFIX}/`)) return refuse('route_unknown', { method, path: shown });
  const below = path.slice(API_PREFIX.length);
  const match = matchRoute(method, below);
  switch (match.kind) {
    case 'route':
      return withOptIn(match, app, shown);
    case 'socket':
      return refuse('upgrade_required', { path: shown });
    case 'wrong-method': {
      const { allow } = match;
      return refuse('method_not_allowed', { method, path: shown, allow: allow.join(', ') }, { allow });
    }
    case 'family':
      return unlistedRoute(app, method, below, shown, match.access);
    case 'unknown':
      return unlistedRoute(app, method, below, shown, null);
  }
}

/** What the route needs the app to be allowed, and what is never forwarded. */
function withOptIn(found: FoundRoute, app: App, path: string): FoundRoute | Refusal {
  const { access, method, optIn } = found.route;
  if (access.kind === 'refused') return refuse('endpoint_refused', { method, path, why: access.why });
  if (optIn === undefined || app.policy.allow.includes(optIn)) return found;
  const why = `it needs \`tollgate app set ${app.name} --allow ${optIn}\``;
  return refuse('endpoint_not_allowed', { method, path, why });
}

const UNLISTED_METHODS = ['GET', 'POST', 'DELETE'] as const;

/** A route that is not in the table: passed on unmetered where the app may do that, else refused. */
function unlistedRoute(
  app: App,
  method: string,
  below: string,
  path: string,
  access: RouteAccess | null,
): FoundRoute | Refusal {
  if (access?.kind === 'refused') return refuse('endpoint_refused', { method, path, why: access.why });
  const known = UNLISTED_METHODS.find((one) => one === method);
  if (!app.policy.allow.includes('unknown-routes')) {
    if (!access || !('why' in access)) return refuse('route_unknown', { method, path });
    const why = `${access.why}; it needs \`tollgate app set ${app.name} --allow unknown-routes\``;
    return refuse('endpoint_not_allowed', { method, path, why });
  }
  if (!known || !isPlainPath(below)) return refuse('route_unknown', { method, path });
  const why = access && 'why' in access ? access.why : 'Tollgate does not know this route';
  const route: Route = {
    method: known,
    path: below,
    endpoint: '(unknown)',
    access: { kind: 'unmetered', why },
    body: known === 'GET' ? 'none' : 'any',
  };
  return { route, ids: [] };
}

/** The route of a WebSocket, if the app may take it. */
export function findSocketRoute({ path }: Framing, app: App): FoundRoute | Refusal {
  const shown = shownPath(path);
  const below = path.startsWith(`${API_PREFIX}/`) ? path.slice(API_PREFIX.length) : '';
  const route = matchSocketRoute(below);
  if (route) return withOptIn({ route, ids: [] }, app, shown);
  const match = matchRoute('GET', below);
  if (match.kind === 'family' && match.access.kind === 'refused') {
    return refuse('endpoint_refused', { method: 'GET', path: shown, why: match.access.why });
  }
  return refuse('upgrade_refused');
}

/** For messages: a key that somebody put into the path is not said back. */
function shownPath(path: string): string {
  return path.slice(0, 200).replace(/\b(sk-|tg_)[A-Za-z0-9_-]+/g, '$1…');
}
