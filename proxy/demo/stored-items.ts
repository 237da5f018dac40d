import type { Json } from './request-fields.ts';
import type { StoredResponse } from './response-store.ts';
import type { Call, Simulation } from './simulation.ts';

/** A response that a request may continue: a stored one, or one of the same connection. */
export function findResponse(id: string, call: Call, simulation: Simulation): StoredResponse | null {
  return simulation.responses.find(id) ?? call.held?.get(id) ?? null;
}

/** An item of a stored response, of the same connection, or of any conversation. */
export function findStoredItem(id: string, call: Call, simulation: Simulation): Json | null {
  const known = simulation.conversations.findItem(id) ?? simulation.responses.findItem(id);
  if (known) return known;
  for (const response of call.held?.values() ?? []) {
    const item = itemOf(response, id);
    if (item) return item;
  }
  return null;
}

export function itemOf(response: StoredResponse, id: string): Json | null {
  const items = [...response.outputItems(), ...response.inputItems];
  return items.find((each) => each['id'] === id) ?? null;
}
