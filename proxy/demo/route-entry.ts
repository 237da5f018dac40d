import type { Route } from './simulation.ts';

/** What the body of a route must be; `none` is not looked at. */
export type BodyKind = 'json' | 'multipart' | 'json-or-multipart' | 'none';

export interface RouteEntry {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly body: BodyKind;
  readonly route: Route;
}

/** The routes of one path, whose ids the pattern captures in order. */
export interface PathRoutes {
  readonly pattern: RegExp;
  readonly entries: readonly RouteEntry[];
}

export function post(route: Route, body: BodyKind = 'json'): RouteEntry {
  return { method: 'POST', body, route };
}

export function get(route: Route): RouteEntry {
  return { method: 'GET', body: 'none', route };
}

export function remove(route: Route): RouteEntry {
  return { method: 'DELETE', body: 'none', route };
}

/** `{id}` in the path stands for one segment. */
export function onPath(path: string, ...entries: readonly RouteEntry[]): PathRoutes {
  return { pattern: new RegExp(`^${path.replaceAll('{id}', '([^/]+)')}$`), entries };
}
