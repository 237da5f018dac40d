import type { Json } from './request-fields.ts';

/** An item that a hosted tool adds to the output of a response, and the events that announce it. */
export interface HostedCall {
  /** When it is finished. */
  readonly item: Json & { readonly id: string; readonly type: string };
  /** When it is added. */
  readonly opened: Json;
  /** Between the two; the index of the item is put into each. */
  readonly progress: readonly { readonly type: string; readonly fields: Json }[];
}

/** An item whose tool tells how far it is in `response.{type}.{phase}`. */
export function phasedCall(item: HostedCall['item'], activity: string): HostedCall {
  return {
    item,
    opened: { id: item.id, type: item.type, status: 'in_progress' },
    progress: phases(item, ['in_progress', activity, 'completed']),
  };
}

export function phases(item: HostedCall['item'], names: readonly string[]): HostedCall['progress'] {
  return names.map((name) => ({ type: `response.${item.type}.${name}`, fields: { item_id: item.id } }));
}
