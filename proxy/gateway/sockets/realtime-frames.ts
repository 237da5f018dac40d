import { randomUUID } from 'node:crypto';
import { rewriteBody } from '../rewrite-body.ts';
import type { JsonDocument } from '../strict-json.ts';
import type { Json } from './frames.ts';

/** Events that Tollgate has named, or sends itself. */
export const OWN_EVENT_PREFIX = 'tollgate_';

export function ownEventId(): string {
  return `${OWN_EVENT_PREFIX}${randomUUID()}`;
}

/** A client's event and the id by which OpenAI can refuse it. */
export interface ClientEvent {
  readonly frame: Buffer;
  readonly document: JsonDocument;
  /** Null where the client has given it none. */
  readonly eventId: string | null;
}

/** An event with members of its outermost object replaced, and with an id. */
export function changedEvent(
  { frame, document, eventId }: ClientEvent,
  changes: Readonly<Record<string, unknown>>,
  ownId: string,
): Buffer {
  const members = new Map(Object.entries(changes).map(([name, value]) => [name, JSON.stringify(value)]));
  if (eventId === null) members.set('event_id', JSON.stringify(ownId));
  return members.size > 0 ? rewriteBody(frame, document, members) : frame;
}

/** A member of an event that is known to be an object, as JSON reads it. */
export function memberOf({ frame }: ClientEvent, name: string): Json {
  const event = JSON.parse(frame.toString('utf8')) as Readonly<Record<string, Json | null | undefined>>;
  return event[name] ?? {};
}
