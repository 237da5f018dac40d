import type { OptIn } from '../contract/app-policy.ts';
import type { ObjectKind } from '../contract/object-kinds.ts';
import type { BodyKind, MeterKind, Route, RouteAccess } from './route.ts';

const HANDS_OUT_KEYS = 'it hands out a credential that works at OpenAI without any cap';
const BYPASSES = 'the media flows past the proxy and cannot be metered';
const ADMINISTERS = 'it administers the account: it can create keys and raise limits';
const LATE_SPEND = 'it spends later, on schedule or in large jobs, which no request here shows';
const HOSTED_AGENTS = 'it starts work at OpenAI that goes on without further requests';
const SHUT_DOWN = 'OpenAI has shut this API down on 26 August 2026';
const DELETES_MODELS = 'it deletes a fine-tuned model of the whole project';
const STORAGE = 'OpenAI bills its storage by the day, which no request shows';
const NO_PRICE = 'OpenAI publishes no price for it';
const OF_PROJECT = 'it belongs to the whole project, and its cost is not known';

/** A placeholder by the kind of object it names; any other is a name that belongs to nobody. */
const OWNED: Readonly<Record<string, ObjectKind>> = {
  '{response}': 'response',
  '{conversation}': 'conversation',
  '{completion}': 'completion',
  '{file}': 'file',
  '{upload}': 'upload',
  '{batch}': 'batch',
  '{vector_store}': 'vector-store',
  '{container}': 'container',
};

type Row = Omit<Route, 'endpoint'>;
type Extras = Partial<Pick<Route, 'optIn' | 'creates' | 'lists' | 'names' | 'isSocket'>>;

function row(
  method: Route['method'],
  path: string,
  access: RouteAccess,
  body: BodyKind,
  extras: Extras,
): Row {
  const placeholders = path.match(/\{\w+\}/g) ?? [];
  const owned = placeholders.map((placeholder) => OWNED[placeholder] ?? null);
  return { method, path, access, body, ...(owned.length > 0 ? { owned } : {}), ...extras };
}

const FREE: RouteAccess = { kind: 'free' };
const get = (path: string, extras: Extras = {}): Row => row('GET', path, FREE, 'none', extras);
const remove = (path: string, extras: Extras = {}): Row => row('DELETE', path, FREE, 'none', extras);
const post = (path: string, body: BodyKind = 'json', extras: Extras = {}): Row =>
  row('POST', path, FREE, body, extras);
const metered = (meter: MeterKind, path: string, body: BodyKind = 'json', extras: Extras = {}): Row =>
  row('POST', path, { kind: 'metered', meter }, body, extras);
const unmetered = (why: string, path: string, body: BodyKind = 'json', extras: Extras = {}): Row =>
  row('POST', path, { kind: 'unmetered', why }, body, extras);
const socket = (meter: MeterKind, path: string, extras: Extras = {}): Row =>
  row('GET', path, { kind: 'metered', meter }, 'none', { ...extras, isSocket: true });
const refused = (why: string): RouteAccess => ({ kind: 'refused', why });

const withOptIn = (optIn: OptIn, rows: readonly Row[]): Row[] => rows.map((one) => ({ ...one, optIn }));

/** Routes with a method, in the order of OpenAI's reference. */
export const ROUTE_TABLE: readonly Row[] = [
  get('/models'),
  get('/models/{model}'),
  row('DELETE', '/models/{model}', refused(DELETES_MODELS), 'none', {}),

  metered('chat', '/chat/completions'),
  get('/chat/completions', { lists: 'completion' }),
  get('/chat/completions/{completion}'),
  post('/chat/completions/{completion}'),
  remove('/chat/completions/{completion}'),
  get('/chat/completions/{completion}/messages'),
  metered('completions', '/completions'),

  metered('responses', '/responses', 'json', { creates: 'response' }),
  socket('responses', '/responses', { creates: 'response' }),
  post('/responses/input_tokens'),
  metered('compact', '/responses/compact'),
  get('/responses/{response}'),
  remove('/responses/{response}'),
  post('/responses/{response}/cancel', 'optional-json'),
  get('/responses/{response}/input_items'),
  metered('decisions', '/decisions'),

  post('/conversations', 'optional-json', { creates: 'conversation' }),
  get('/conversations/{conversation}'),
  post('/conversations/{conversation}'),
  remove('/conversations/{conversation}'),
  post('/conversations/{conversation}/items'),
  get('/conversations/{conversation}/items'),
  get('/conversations/{conversation}/items/{member}'),
  remove('/conversations/{conversation}/items/{member}'),

  metered('embeddings', '/embeddings'),
  post('/moderations'),
  metered('images', '/images/generations'),
  metered('images', '/images/edits', 'json-or-multipart'),
  metered('images', '/images/variations', 'multipart'),
  metered('speech', '/audio/speech'),
  metered('transcription', '/audio/transcriptions', 'multipart'),
  metered('translation', '/audio/translations', 'multipart'),
  socket('realtime', '/realtime'),

  ...withOptIn('files', [
    post('/files', 'multipart', { creates: 'file' }),
    get('/files', { lists: 'file' }),
    get('/files/{file}'),
    remove('/files/{file}'),
    get('/files/{file}/content'),
    post('/uploads', 'json', { creates: 'upload' }),
    post('/uploads/{upload}/parts', 'multipart', { creates: 'part' }),
    post('/uploads/{upload}/complete', 'json', { creates: 'upload' }),
    post('/uploads/{upload}/cancel', 'optional-json'),
  ]),

  ...withOptIn('batches', [
    metered('batch', '/batches', 'json', { creates: 'batch' }),
    get('/batches', { lists: 'batch' }),
    get('/batches/{batch}', { names: true }),
    post('/batches/{batch}/cancel', 'optional-json', { names: true }),
  ]),

  ...withOptIn('vector-stores', [
    unmetered(STORAGE, '/vector_stores', 'optional-json', { creates: 'vector-store' }),
    get('/vector_stores', { lists: 'vector-store' }),
    get('/vector_stores/{vector_store}'),
    post('/vector_stores/{vector_store}'),
    remove('/vector_stores/{vector_store}'),
    metered('search', '/vector_stores/{vector_store}/search'),
    unmetered(STORAGE, '/vector_stores/{vector_store}/files'),
    get('/vector_stores/{vector_store}/files'),
    get('/vector_stores/{vector_store}/files/{member}'),
    post('/vector_stores/{vector_store}/files/{member}'),
    remove('/vector_stores/{vector_store}/files/{member}'),
    get('/vector_stores/{vector_store}/files/{member}/content'),
    unmetered(STORAGE, '/vector_stores/{vector_store}/file_batches'),
    get('/vector_stores/{vector_store}/file_batches/{member}'),
    post('/vector_stores/{vector_store}/file_batches/{member}/cancel', 'optional-json'),
    get('/vector_stores/{vector_store}/file_batches/{member}/files'),
  ]),

  ...withOptIn('containers', [
    metered('container', '/containers', 'json', { creates: 'container' }),
    get('/containers', { lists: 'container' }),
    get('/containers/{container}'),
    remove('/containers/{container}'),
    post('/containers/{container}/files', 'json-or-multipart'),
    get('/containers/{container}/files'),
    get('/containers/{container}/files/{member}'),
    remove('/containers/{container}/files/{member}'),
    get('/containers/{container}/files/{member}/content'),
  ]),
];

/** Whole families that are not routes of ours; the longest matching prefix answers. */
export const FAMILIES: readonly (readonly [prefix: string, access: RouteAccess])[] = [
  ['/organization', refused(ADMINISTERS)],
  ['/projects', refused(ADMINISTERS)],
  ['/realtime/client_secrets', refused(HANDS_OUT_KEYS)],
  ['/realtime/sessions', refused(HANDS_OUT_KEYS)],
  ['/realtime/transcription_sessions', refused(HANDS_OUT_KEYS)],
  ['/realtime/translations', refused(HANDS_OUT_KEYS)],
  ['/chatkit', refused(HANDS_OUT_KEYS)],
  ['/realtime/calls', refused(BYPASSES)],
  ['/live', refused(BYPASSES)],
  ['/fine_tuning', refused(LATE_SPEND)],
  ['/evals', refused(LATE_SPEND)],
  ['/videos', refused(LATE_SPEND)],
  ['/agents', refused(HOSTED_AGENTS)],
  ['/vaults', refused(HOSTED_AGENTS)],
  ['/webhook_endpoints', refused(ADMINISTERS)],
  ['/assistants', refused(SHUT_DOWN)],
  ['/threads', refused(SHUT_DOWN)],
  ['/audio/voices', { kind: 'unmetered', why: NO_PRICE }],
  ['/audio/voice_consents', { kind: 'unmetered', why: NO_PRICE }],
  ['/content_provenance_checks', { kind: 'unmetered', why: NO_PRICE }],
  ['/skills', { kind: 'unmetered', why: OF_PROJECT }],
  ['/webhook_event_types', { kind: 'unmetered', why: OF_PROJECT }],
  ['/safety', { kind: 'unmetered', why: OF_PROJECT }],
];
