import { objectId } from './object-ids.ts';
import { createShelf } from './object-shelf.ts';
import type { Json } from './request-fields.ts';

export interface Conversation {
  readonly id: string;
  /** In seconds. */
  readonly createdAt: number;
  metadata: Json;
  /** In the order in which they were said. */
  readonly items: readonly Json[];
}

export interface ConversationStore {
  find(id: string): Conversation | null;
  create(items: readonly Json[], metadata: Json, createdAt: number): Conversation;
  /** Does nothing for a conversation that is gone. */
  append(id: string, items: readonly Json[]): void;
  /** Its items stay, and can still be referred to, as OpenAI says. */
  remove(id: string): boolean;
  removeItem(conversationId: string, itemId: string): boolean;
  findItem(id: string): Json | null;
}

const MAX_CONVERSATIONS = 2000;
const MAX_ITEMS = 50_000;

export function createConversationStore(): ConversationStore {
  const conversations = createShelf<Conversation & { items: Json[] }>(MAX_CONVERSATIONS);
  const items = createShelf<{ readonly id: string; readonly item: Json }>(MAX_ITEMS);
  const remember = (item: Json): void => items.add({ id: String(item['id']), item });
  return {
    find: conversations.find,
    create: (first, metadata, createdAt) => {
      const conversation = { id: objectId('conv_', 24), createdAt, metadata, items: [...first] };
      conversations.add(conversation);
      first.forEach(remember);
      return conversation;
    },
    append: (id, more) => {
      conversations.find(id)?.items.push(...more);
      more.forEach(remember);
    },
    remove: conversations.remove,
    removeItem: (conversationId, itemId) => {
      const list = conversations.find(conversationId)?.items ?? [];
      const at = list.findIndex((each) => each['id'] === itemId);
      if (at < 0) return false;
      list.splice(at, 1);
      return items.remove(itemId);
    },
    findItem: (id) => items.find(id)?.item ?? null,
  };
}
