import { invalidRequest } from './openai-error.ts';
import { AUDIO_OUTPUT_TOKENS_PER_SECOND } from './realtime-audio.ts';
import { type RealtimeItem, readRealtimeItem } from './realtime-items.ts';
import { idBefore, type RealtimeScene } from './realtime-scene.ts';
import { readInputSettings } from './realtime-session.ts';
import { type Json, missing, optionalInteger } from './request-fields.ts';

/** Events that change the conversation. Each throws OpenAiError for what it cannot do. */
export type ConversationEvent = (event: Json, scene: RealtimeScene) => void;

export const createItem: ConversationEvent = (event, scene) => {
  const { session, items, deps } = scene;
  if (session.kind === 'transcription')
    throw invalidRequest('A transcription session takes no items.', null, 'unsupported_event');
  const { bytesPerSecond } = readInputSettings(session, deps.simulation);
  const model = session.model?.row.model ?? '';
  const item = readRealtimeItem(event['item'], model, bytesPerSecond, deps.simulation);
  if (items.some(({ id }) => id === item.id))
    throw invalidRequest(`Item with id '${item.id}' already exists.`, 'item.id', 'duplicate_item_id');
  insertItem(item, positionAfter(items, event['previous_item_id']), scene);
};

export const deleteItem: ConversationEvent = (event, scene) => {
  const item = findItem(scene.items, event['item_id']);
  scene.items.splice(scene.items.indexOf(item), 1);
  scene.send('conversation.item.deleted', { item_id: item.id });
};

export const retrieveItem: ConversationEvent = (event, scene) => {
  scene.send('conversation.item.retrieved', { item: findItem(scene.items, event['item_id']).shown });
};

/** Cuts off what the user did not hear; the transcript goes with it. */
export const truncateItem: ConversationEvent = (event, scene) => {
  const item = findItem(scene.items, event['item_id']);
  const endMs = optionalInteger(event, 'audio_end_ms', 0, Number.MAX_SAFE_INTEGER) ?? missing('audio_end_ms');
  const heard = Math.ceil((endMs / 1000) * AUDIO_OUTPUT_TOKENS_PER_SECOND);
  if (item.shown['role'] !== 'assistant' || item.tokens.audio === 0)
    throw invalidRequest('Only audio of the assistant can be truncated.', 'item_id', 'invalid_value');
  if (heard > item.tokens.audio) {
    throw invalidRequest(
      `Audio content of ${(item.tokens.audio / AUDIO_OUTPUT_TOKENS_PER_SECOND) * 1000}ms is already shorter than ${endMs}ms.`,
      'audio_end_ms',
      'invalid_value',
    );
  }
  item.tokens = { text: 0, audio: heard, image: 0 };
  item.shown = { ...item.shown, content: [{ type: 'output_audio', transcript: null }] };
  item.version += 1;
  scene.send('conversation.item.truncated', { item_id: item.id, content_index: 0, audio_end_ms: endMs });
};

/** Puts an item where it belongs, and announces it. */
export function insertItem(item: RealtimeItem, position: number, { items, send }: RealtimeScene): void {
  items.splice(position, 0, item);
  const fields = { previous_item_id: idBefore(items, position), item: item.shown };
  send('conversation.item.added', fields);
  send('conversation.item.done', fields);
}

export function findItem(items: readonly RealtimeItem[], id: unknown): RealtimeItem {
  const item = items.find((each) => each.id === id);
  if (item) return item;
  throw invalidRequest(`Item with id '${String(id)}' not found.`, 'item_id', 'item_not_found');
}

function positionAfter(items: readonly RealtimeItem[], previousId: unknown): number {
  if (previousId === undefined || previousId === null) return items.length;
  return previousId === 'root' ? 0 : items.indexOf(findItem(items, previousId)) + 1;
}
