import type { ExchangeDeps } from './exchange.ts';
import { objectId } from './object-ids.ts';
import type { RealtimeItem } from './realtime-items.ts';
import type { RealtimeSession } from './realtime-session.ts';
import type { Json } from './request-fields.ts';
import type { SocketLine } from './socket-line.ts';

export const REALTIME_PATH = '/v1/realtime';

/** One realtime connection: what its handlers share. */
export interface RealtimeScene {
  readonly line: SocketLine;
  readonly deps: ExchangeDeps;
  readonly session: RealtimeSession;
  readonly conversationId: string;
  /** The conversation, from its beginning. */
  readonly items: RealtimeItem[];
  /** `usage` is the block in it that a fault may falsify. */
  send(type: string, fields: Json, usage?: unknown): void;
}

export function createScene(line: SocketLine, deps: ExchangeDeps, session: RealtimeSession): RealtimeScene {
  return {
    line,
    deps,
    session,
    conversationId: objectId('conv_', 10),
    items: [],
    send: (type, fields, usage) => line.send(realtimeEvent(type, fields), usage),
  };
}

export function realtimeEvent(type: string, fields: Json): string {
  return JSON.stringify({ type, event_id: objectId('event_', 10), ...fields });
}

/** The id of the item before a position; null at the beginning. */
export function idBefore(items: readonly RealtimeItem[], position: number): string | null {
  return items[position - 1]?.id ?? null;
}
