import { compileRoutes, matchSegments, type PathRoute } from './path-match.ts';
import type { Route, RouteAccess } from './route.ts';
import { FAMILIES, ROUTE_TABLE } from './route-table.ts';

export const ROUTES: readonly Route[] = ROUTE_TABLE.map(({ path, ...row }) => ({
  ...row,
  path,
  endpoint: `/v1${path.replace(/\{\w+\}/g, '{id}')}`,
}));

export type RouteMatch =
  | { readonly kind: 'route'; readonly route: Route; readonly ids: readonly string[] }
  | { readonly kind: 'wrong-method'; readonly allow: readonly string[] }
  | { readonly kind: 'family'; readonly access: RouteAccess }
  /** Only reached by a WebSocket. */
  | { readonly kind: 'socket' }
  | { readonly kind: 'unknown' };

const COMPILED: readonly PathRoute<Route>[] = compileRoutes(ROUTES.filter(({ isSocket }) => !isSocket));

/** Answers for paths without ids, prepared by method. */
const EXACT = new Map<string, Map<string, RouteMatch>>();
for (const route of ROUTES) {
  if (route.path.includes('{') || route.isSocket) continue;
  const byMethod = EXACT.get(route.path) ?? new Map<string, RouteMatch>();
  byMethod.set(route.method, { kind: 'route', route, ids: [] });
  EXACT.set(route.path, byMethod);
}

/**
 * Finds the route of a path below `/v1`, byte for byte: nothing is decoded, lower-cased or cleaned up, so
 * what matched is what is forwarded. `HEAD` goes where `GET` does (RFC 9110 section 9.3.2).
 */
export function matchRoute(method: string, path: string): RouteMatch {
  const wanted = method === 'HEAD' ? 'GET' : method;
  const exact = EXACT.get(path);
  const found = exact?.get(wanted);
  if (found) return found;
  // Not the path without the slash, and no object of its family.
  if (path.endsWith('/')) return { kind: 'unknown' };
  const candidates = exact ? [] : matchSegments(COMPILED, path);
  const candidate = candidates.find(({ route }) => route.method === wanted);
  if (candidate) return { kind: 'route', ...candidate };
  const methods = exact ? [...exact.keys()] : candidates.map(({ route }) => route.method);
  if (methods.length > 0) return wrongMethod(methods);
  if (matchSocketRoute(path)) return { kind: 'socket' };
  const family = FAMILIES.filter(([prefix]) => path === prefix || path.startsWith(`${prefix}/`)).sort(
    ([a], [b]) => b.length - a.length,
  )[0];
  return family ? { kind: 'family', access: family[1] } : { kind: 'unknown' };
}

/** The route of a WebSocket's path, or null. */
export function matchSocketRoute(path: string): Route | null {
  return ROUTES.find((route) => route.isSocket && route.path === path) ?? null;
}

function wrongMethod(methods: readonly string[]): RouteMatch {
  return { kind: 'wrong-method', allow: methods.includes('GET') ? [...methods, 'HEAD'] : methods };
}
