import type { OptIn } from '../contract/app-policy.ts';

/** How the cost of an answer is found. */
export type MeterKind =
  | 'chat'
  | 'completions'
  | 'responses'
  | 'embeddings'
  | 'images'
  | 'speech'
  | 'transcription'
  | 'translation';

export type RouteAccess =
  | { readonly kind: 'metered'; readonly meter: MeterKind }
  /** Costs nothing at OpenAI. */
  | { readonly kind: 'free' }
  /** Refused unless the app opts in. `available` says whether this version can meter it at all. */
  | { readonly kind: 'opt-in'; readonly optIn: OptIn; readonly available: boolean; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

export type BodyKind = 'none' | 'json' | 'multipart' | 'json-or-multipart';

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/v1`; `{id}` stands for one validated path segment. */
  readonly path: string;
  /** The path as people know it, with `/v1`. */
  readonly endpoint: string;
  readonly access: RouteAccess;
  readonly body: BodyKind;
}

const metered = (meter: MeterKind): RouteAccess => ({ kind: 'metered', meter });
const free: RouteAccess = { kind: 'free' };
const refused = (why: string): RouteAccess => ({ kind: 'refused', why });
const later = (optIn: OptIn, why: string): RouteAccess => ({ kind: 'opt-in', optIn, available: false, why });

const HANDS_OUT_KEYS = 'it hands out a credential that works at OpenAI without any cap';
const BYPASSES = 'the media flows past the proxy and cannot be metered';
const ADMINISTERS = 'it administers the account: it can create keys and raise limits';
const LATE_SPEND = 'it spends later, on schedule or in large jobs, which no request here shows';
const HOSTED_AGENTS = 'it starts work at OpenAI that goes on without further requests';
const NOT_OWNED = 'objects at OpenAI are shared by the whole project, and this version tracks no owners';

/** Routes with a method, in the order of OpenAI's reference; everything else is unknown. */
const TABLE: readonly Omit<Route, 'endpoint'>[] = [
  { method: 'GET', path: '/models', access: free, body: 'none' },
  { method: 'GET', path: '/models/{id}', access: free, body: 'none' },
  { method: 'POST', path: '/chat/completions', access: metered('chat'), body: 'json' },
  { method: 'POST', path: '/completions', access: metered('completions'), body: 'json' },
  { method: 'POST', path: '/responses', access: metered('responses'), body: 'json' },
  { method: 'POST', path: '/responses/input_tokens', access: free, body: 'json' },
  { method: 'POST', path: '/embeddings', access: metered('embeddings'), body: 'json' },
  { method: 'POST', path: '/moderations', access: free, body: 'json' },
  { method: 'POST', path: '/images/generations', access: metered('images'), body: 'json' },
  { method: 'POST', path: '/images/edits', access: metered('images'), body: 'json-or-multipart' },
  { method: 'POST', path: '/images/variations', access: metered('images'), body: 'multipart' },
  { method: 'POST', path: '/audio/speech', access: metered('speech'), body: 'json' },
  { method: 'POST', path: '/audio/transcriptions', access: metered('transcription'), body: 'multipart' },
  { method: 'POST', path: '/audio/translations', access: metered('translation'), body: 'multipart' },
];

export const ROUTES: readonly Route[] = TABLE.map((route) => ({ ...route, endpoint: `/v1${route.path}` }));

/** Whole families that are not routes of ours; the longest matching prefix answers. */
export const FAMILIES: readonly (readonly [prefix: string, access: RouteAccess])[] = [
  ['/organization', refused(ADMINISTERS)],
  ['/projects', refused(ADMINISTERS)],
  ['/realtime/client_secrets', refused(HANDS_OUT_KEYS)],
  ['/realtime/sessions', refused(HANDS_OUT_KEYS)],
  ['/realtime/transcription_sessions', refused(HANDS_OUT_KEYS)],
  ['/realtime/translations/client_secrets', refused(HANDS_OUT_KEYS)],
  ['/chatkit', refused(HANDS_OUT_KEYS)],
  ['/realtime/calls', refused(BYPASSES)],
  ['/live', refused(BYPASSES)],
  ['/fine_tuning', refused(LATE_SPEND)],
  ['/evals', refused(LATE_SPEND)],
  ['/videos', refused(LATE_SPEND)],
  ['/agents', refused(HOSTED_AGENTS)],
  ['/vaults', refused(HOSTED_AGENTS)],
  ['/webhook_endpoints', refused(ADMINISTERS)],
  ['/chat/completions', later('foreign-ids', NOT_OWNED)],
  ['/responses', later('foreign-ids', NOT_OWNED)],
  ['/conversations', later('foreign-ids', NOT_OWNED)],
  ['/files', later('files', NOT_OWNED)],
  ['/uploads', later('files', NOT_OWNED)],
  ['/vector_stores', later('vector-stores', NOT_OWNED)],
  ['/containers', later('containers', NOT_OWNED)],
  ['/batches', later('batches', LATE_SPEND)],
  ['/assistants', later('assistants', HOSTED_AGENTS)],
  ['/threads', later('assistants', HOSTED_AGENTS)],
];

/** What an id in a path may look like. Dots never stand alone, so no segment can climb. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;

export type RouteMatch =
  | { readonly kind: 'route'; readonly route: Route; readonly ids: readonly string[] }
  | { readonly kind: 'wrong-method'; readonly allow: readonly string[] }
  | { readonly kind: 'family'; readonly access: RouteAccess }
  | { readonly kind: 'unknown' };

interface CompiledRoute {
  readonly route: Route;
  readonly segments: readonly string[];
}

const COMPILED: readonly CompiledRoute[] = ROUTES.map((route) => ({
  route,
  segments: route.path.slice(1).split('/'),
}));

/** Answers for paths without ids, prepared by method. */
const EXACT = new Map<string, Map<string, RouteMatch>>();
for (const route of ROUTES) {
  if (route.path.includes('{')) continue;
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
  if (exact) return exact.get(wanted) ?? wrongMethod([...exact.keys()]);
  // Not the path without the slash, and no object of its family.
  if (path.endsWith('/')) return { kind: 'unknown' };
  const candidates = COMPILED.flatMap(({ route, segments }) => {
    const ids = idsIn(path, segments);
    return ids ? [{ route, ids }] : [];
  });
  const found = candidates.find(({ route }) => route.method === wanted);
  if (found) return { kind: 'route', ...found };
  if (candidates.length > 0) return wrongMethod(candidates.map(({ route }) => route.method));
  const family = FAMILIES.filter(([prefix]) => path === prefix || path.startsWith(`${prefix}/`)).sort(
    ([a], [b]) => b.length - a.length,
  )[0];
  return family ? { kind: 'family', access: family[1] } : { kind: 'unknown' };
}

function wrongMethod(methods: readonly string[]): RouteMatch {
  return { kind: 'wrong-method', allow: methods.includes('GET') ? [...methods, 'HEAD'] : methods };
}

function idsIn(path: string, segments: readonly string[]): string[] | null {
  const parts = path.slice(1).split('/');
  if (parts.length !== segments.length) return null;
  const ids: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? '';
    if (segment.startsWith('{')) {
      if (!ID.test(part) || part.includes('..')) return null;
      ids.push(part);
    } else if (segment !== part) {
      return null;
    }
  }
  return ids;
}
