import { createChatCompletion } from './chat.ts';
import { createCompletion } from './completions.ts';
import { createEmbeddings } from './embeddings.ts';
import { createImage, editImage, varyImage } from './images.ts';
import { listModels, retrieveModel } from './models.ts';
import { createModeration } from './moderations.ts';
import { compactResponse, countInputTokens } from './response-tools.ts';
import { createResponse } from './responses.ts';
import type { Route } from './simulation.ts';
import { createSpeech } from './speech.ts';
import { cancelResponse, deleteResponse, listInputItems, retrieveResponse } from './stored-responses.ts';
import { createTranscription, createTranslation } from './transcriptions.ts';

/** What the body of a route must be; `none` is not looked at. */
export type BodyKind = 'json' | 'multipart' | 'json-or-multipart' | 'none';

export interface RouteEntry {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly body: BodyKind;
  readonly route: Route;
}

const post = (route: Route, body: BodyKind = 'json'): RouteEntry => ({ method: 'POST', body, route });
const get = (route: Route): RouteEntry => ({ method: 'GET', body: 'none', route });

const EXACT: Readonly<Record<string, readonly RouteEntry[]>> = {
  '/v1/models': [get(listModels)],
  '/v1/chat/completions': [post(createChatCompletion)],
  '/v1/completions': [post(createCompletion)],
  '/v1/responses': [post(createResponse)],
  '/v1/responses/input_tokens': [post(countInputTokens)],
  '/v1/responses/compact': [post(compactResponse)],
  '/v1/embeddings': [post(createEmbeddings)],
  '/v1/moderations': [post(createModeration)],
  '/v1/images/generations': [post(createImage)],
  '/v1/images/edits': [post(editImage, 'json-or-multipart')],
  '/v1/images/variations': [post(varyImage, 'multipart')],
  '/v1/audio/speech': [post(createSpeech)],
  '/v1/audio/transcriptions': [post(createTranscription, 'multipart')],
  '/v1/audio/translations': [post(createTranslation, 'multipart')],
};

const WITH_ID: readonly { readonly pattern: RegExp; readonly entries: readonly RouteEntry[] }[] = [
  { pattern: /^\/v1\/models\/([^/]+)$/, entries: [get(retrieveModel)] },
  {
    pattern: /^\/v1\/responses\/([^/]+)$/,
    entries: [get(retrieveResponse), { method: 'DELETE', body: 'none', route: deleteResponse }],
  },
  { pattern: /^\/v1\/responses\/([^/]+)\/cancel$/, entries: [post(cancelResponse, 'none')] },
  { pattern: /^\/v1\/responses\/([^/]+)\/input_items$/, entries: [get(listInputItems)] },
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
