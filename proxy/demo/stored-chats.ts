import { chatObject, type StoredChat } from './chat-store.ts';
import { jsonAnswer } from './generation.ts';
import { readMetadata } from './metadata.ts';
import { listAnswer } from './object-list.ts';
import { invalidRequest } from './openai-error.ts';
import { parseJsonBody } from './request-fields.ts';
import type { Call, Route, Simulation } from './simulation.ts';

/** GET /v1/chat/completions: oldest first; `model` and `metadata[KEY]` narrow it down. */
export const listChats: Route = (call, simulation) => {
  const chats = simulation.chats.all().filter((chat) => fits(chat, call.query));
  return listAnswer(call, chats.map(chatObject), { order: 'asc' });
};

/** GET /v1/chat/completions/{id} */
export const retrieveChat: Route = (call, simulation) => jsonAnswer(chatObject(findChat(call, simulation)));

/** POST /v1/chat/completions/{id}: the metadata alone can be changed. */
export const updateChat: Route = (call, simulation) => {
  const chat = findChat(call, simulation);
  chat.metadata = readMetadata(parseJsonBody(call.body));
  return jsonAnswer(chatObject(chat));
};

/** DELETE /v1/chat/completions/{id} */
export const deleteChat: Route = (call, simulation) => {
  const { id } = findChat(call, simulation);
  simulation.chats.remove(id);
  return jsonAnswer({ object: 'chat.completion.deleted', id, deleted: true });
};

/** GET /v1/chat/completions/{id}/messages: what was sent, without the answer. */
export const listChatMessages: Route = (call, simulation) =>
  listAnswer(call, findChat(call, simulation).messages, { order: 'asc' });

function fits({ completion, metadata }: StoredChat, query: URLSearchParams): boolean {
  for (const [name, value] of query) {
    const key = /^metadata\[(.+)\]$/.exec(name)?.[1];
    if (key !== undefined && metadata[key] !== value) return false;
    if (name === 'model' && completion['model'] !== value) return false;
  }
  return true;
}

function findChat(call: Call, simulation: Simulation): StoredChat {
  const id = call.ids[0] ?? '';
  const chat = simulation.chats.find(id);
  if (chat) return chat;
  throw invalidRequest(`Chat completion with id '${id}' not found.`, null, null, 404);
}
