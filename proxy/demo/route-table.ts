import { createChatCompletion } from './chat.ts';
import { createCompletion } from './completions.ts';
import { createDecision } from './decisions.ts';
import { createEmbeddings } from './embeddings.ts';
import { createImage, editImage, varyImage } from './images.ts';
import { listModels, retrieveModel } from './models.ts';
import { createModeration } from './moderations.ts';
import { OBJECT_ROUTES } from './object-routes.ts';
import { compactResponse, countInputTokens } from './response-tools.ts';
import { createResponse } from './responses.ts';
import { get, onPath, type PathRoutes, post, type RouteEntry, remove } from './route-entry.ts';
import { createSpeech } from './speech.ts';
import { deleteChat, listChatMessages, listChats, retrieveChat, updateChat } from './stored-chats.ts';
import { cancelResponse, deleteResponse, listInputItems, retrieveResponse } from './stored-responses.ts';
import { createTranscription, createTranslation } from './transcriptions.ts';

const EXACT: Readonly<Record<string, readonly RouteEntry[]>> = {
  '/v1/models': [get(listModels)],
  '/v1/chat/completions': [get(listChats), post(createChatCompletion)],
  '/v1/completions': [post(createCompletion)],
  '/v1/responses': [post(createResponse)],
  '/v1/responses/input_tokens': [post(countInputTokens)],
  '/v1/responses/compact': [post(compactResponse)],
  '/v1/decisions': [post(createDecision)],
  '/v1/embeddings': [post(createEmbeddings)],
  '/v1/moderations': [post(createModeration)],
  '/v1/images/generations': [post(createImage)],
  '/v1/images/edits': [post(editImage, 'json-or-multipart')],
  '/v1/images/variations': [post(varyImage, 'multipart')],
  '/v1/audio/speech': [post(createSpeech)],
  '/v1/audio/transcriptions': [post(createTranscription, 'multipart')],
  '/v1/audio/translations': [post(createTranslation, 'multipart')],
};

const WITH_ID: readonly PathRoutes[] = [
  onPath('/v1/models/{id}', get(retrieveModel)),
  onPath('/v1/chat/completions/{id}', get(retrieveChat), post(updateChat), remove(deleteChat)),
  onPath('/v1/chat/completions/{id}/messages', get(listChatMessages)),
  onPath('/v1/responses/{id}', get(retrieveResponse), remove(deleteResponse)),
  onPath('/v1/responses/{id}/cancel', post(cancelResponse, 'none')),
  onPath('/v1/responses/{id}/input_items', get(listInputItems)),
  ...OBJECT_ROUTES,
];

/** Entries of a path and the ids in it; null for a path OpenAI would not know. */
export function findRoutes(path: string): { entries: readonly RouteEntry[]; ids: readonly string[] } | null {
  const exact = Object.hasOwn(EXACT, path) ? EXACT[path] : undefined;
  if (exact) return { entries: exact, ids: [] };
  for (const { pattern, entries } of WITH_ID) {
    const match = pattern.exec(path);
    if (match) return { entries, ids: match.slice(1).map(decodeId) };
  }
  return null;
}

function decodeId(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch (cause) {
    // A stray percent sign names nothing, so it is looked up as it came.
    if (cause instanceof URIError) return raw;
    throw cause;
  }
}
