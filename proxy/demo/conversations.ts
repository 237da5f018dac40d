import type { Conversation } from './conversation-store.ts';
import { jsonAnswer } from './generation.ts';
import { readInputItems } from './input-items.ts';
import { countItems } from './item-tokens.ts';
import { readMetadata } from './metadata.ts';
import { listAnswer } from './object-list.ts';
import { invalidRequest } from './openai-error.ts';
import { type Json, missing, parseJsonBody } from './request-fields.ts';
import { type Call, type Route, type Simulation, seconds } from './simulation.ts';

/*
 * Conversations cost nothing by themselves: what they hold is paid for as input by each response that
 * belongs to one.
 */
const MAX_NEW_ITEMS = 20;
const ANY_MODEL = 'gpt-4o';

/** POST /v1/conversations */
export const createConversation: Route = (call, simulation) => {
  const body = call.body.length === 0 ? {} : parseJsonBody(call.body);
  const items = readNewItems(body['items'] ?? [], call, simulation);
  const conversation = simulation.conversations.create(items, readMetadata(body), seconds(simulation.now()));
  return jsonAnswer(conversationObject(conversation));
};

/** GET /v1/conversations/{id} */
export const retrieveConversation: Route = (call, simulation) =>
  jsonAnswer(conversationObject(findConversation(call.ids[0] ?? '', simulation)));

/** POST /v1/conversations/{id} */
export const updateConversation: Route = (call, simulation) => {
  const conversation = findConversation(call.ids[0] ?? '', simulation);
  conversation.metadata = readMetadata(parseJsonBody(call.body));
  return jsonAnswer(conversationObject(conversation));
};

/** DELETE /v1/conversations/{id} */
export const deleteConversation: Route = (call, simulation) => {
  const { id } = findConversation(call.ids[0] ?? '', simulation);
  simulation.conversations.remove(id);
  return jsonAnswer({ id, object: 'conversation.deleted', deleted: true });
};

/** POST /v1/conversations/{id}/items */
export const addConversationItems: Route = (call, simulation) => {
  const { id } = findConversation(call.ids[0] ?? '', simulation);
  const body = parseJsonBody(call.body);
  const items = readNewItems(body['items'] ?? missing('items'), call, simulation);
  simulation.conversations.append(id, items);
  return jsonAnswer({
    object: 'list',
    data: items,
    first_id: items[0]?.['id'] ?? null,
    last_id: items.at(-1)?.['id'] ?? null,
    has_more: false,
  });
};

/** GET /v1/conversations/{id}/items */
export const listConversationItems: Route = (call, simulation) => {
  const { items } = findConversation(call.ids[0] ?? '', simulation);
  return listAnswer(call, items, { order: 'desc' });
};

/** GET /v1/conversations/{id}/items/{itemID} */
export const retrieveConversationItem: Route = (call, simulation) => {
  const { items } = findConversation(call.ids[0] ?? '', simulation);
  return jsonAnswer(items.find((each) => each['id'] === call.ids[1]) ?? itemNotFound(call));
};

/** DELETE /v1/conversations/{id}/items/{itemID}: answers with the conversation. */
export const deleteConversationItem: Route = (call, simulation) => {
  const conversation = findConversation(call.ids[0] ?? '', simulation);
  if (!simulation.conversations.removeItem(conversation.id, call.ids[1] ?? '')) itemNotFound(call);
  return jsonAnswer(conversationObject(conversation));
};

/** Throws OpenAiError (404); `param` is where a request names it, null for its path. */
export function findConversation(
  id: string,
  simulation: Simulation,
  param: string | null = null,
): Conversation {
  const conversation = simulation.conversations.find(id);
  if (conversation) return conversation;
  throw invalidRequest(`Conversation with id '${id}' not found.`, param, null, 404);
}

function readNewItems(given: unknown, call: Call, simulation: Simulation): Json[] {
  if (Array.isArray(given) && given.length > MAX_NEW_ITEMS) {
    throw invalidRequest(
      `Invalid 'items': array too long. Expected an array with maximum length ${MAX_NEW_ITEMS}, but got an array with length ${given.length} instead.`,
      'items',
      'array_above_max_length',
    );
  }
  const items = readInputItems(given, 'items', call, simulation);
  // Counted for the complaints alone: what an item costs depends on the model that will read it.
  countItems(items, 'items', ANY_MODEL, simulation);
  return items;
}

function itemNotFound(call: Call): never {
  throw invalidRequest(`Item with id '${call.ids[1] ?? ''}' not found.`, null, null, 404);
}

function conversationObject({ id, createdAt, metadata }: Conversation): Json {
  return { id, object: 'conversation', created_at: createdAt, metadata };
}
