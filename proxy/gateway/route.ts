import type { OptIn } from '../contract/app-policy.ts';
import type { ObjectKind } from '../contract/object-kinds.ts';

/** How the cost of an answer is found. */
export type MeterKind =
  | 'chat'
  | 'completions'
  | 'responses'
  | 'compact'
  | 'decisions'
  | 'embeddings'
  | 'images'
  | 'speech'
  | 'transcription'
  | 'translation'
  | 'batch'
  | 'container'
  | 'search'
  | 'realtime';

export type RouteAccess =
  | { readonly kind: 'metered'; readonly meter: MeterKind }
  /** Costs nothing at OpenAI. */
  | { readonly kind: 'free' }
  /** Costs something that no request shows: passes where no USD limit applies, its cost unknown. */
  | { readonly kind: 'unmetered'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

export type BodyKind = 'none' | 'json' | 'multipart' | 'json-or-multipart' | 'optional-json' | 'any';

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/v1`; a placeholder stands for one validated segment and names the kind of its object. */
  readonly path: string;
  /** The path as people know it, with `/v1` and every placeholder as `{id}`. */
  readonly endpoint: string;
  readonly access: RouteAccess;
  readonly body: BodyKind;
  /** What an app must be allowed beside the usual. */
  readonly optIn?: OptIn;
  /** Ids in the path that must be the app's own, in the order of the placeholders; null for any other. */
  readonly owned?: readonly (ObjectKind | null)[];
  /** The kind of object that an answer announces, which is the app's from then on. */
  readonly creates?: ObjectKind;
  /** A list over the whole project: what other apps have made is taken out. */
  readonly lists?: ObjectKind;
  /** An answer that names objects which belong to the app like the one that is asked for. */
  readonly names?: boolean;
  /** Reached by a WebSocket upgrade. */
  readonly isSocket?: boolean;
}
