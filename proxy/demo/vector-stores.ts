import { feeCharge } from './fee-charge.ts';
import { jsonAnswer } from './generation.ts';
import { readMetadata } from './metadata.ts';
import { objectId } from './object-ids.ts';
import { listAnswer } from './object-list.ts';
import {
  type Json,
  missing,
  optionalArray,
  optionalInteger,
  optionalObject,
  optionalString,
  parseJsonBody,
  wrongType,
} from './request-fields.ts';
import { type Route, type Simulation, seconds } from './simulation.ts';
import { attachFile } from './vector-store-files.ts';
import { countFiles, findVectorStore, statusOf, type VectorStore } from './vector-store-shelf.ts';

const MAX_EXCERPT_CHARS = 2000;

/** POST /v1/vector_stores */
export const createVectorStore: Route = (call, simulation) => {
  const body = parseJsonBody(call.body);
  const now = seconds(simulation.now());
  const store: VectorStore = {
    id: objectId('vs_'),
    createdAt: now,
    name: optionalString(body, 'name') ?? '',
    metadata: readMetadata(body),
    expiresAfter: optionalObject(body, 'expires_after'),
    lastActiveAt: now,
    files: new Map(),
    batches: new Map(),
  };
  for (const id of optionalArray(body, 'file_ids')) attachFile(store, { file_id: id }, simulation);
  simulation.vectorStores.add(store);
  return jsonAnswer(storeObject(store, simulation));
};

/** GET /v1/vector_stores */
export const listVectorStores: Route = (call, simulation) =>
  listAnswer(
    call,
    simulation.vectorStores.all().map((each) => storeObject(each, simulation)),
    { order: 'desc' },
  );

/** GET /v1/vector_stores/{id} */
export const retrieveVectorStore: Route = (call, simulation) =>
  jsonAnswer(storeObject(findVectorStore(call, simulation), simulation));

/** POST /v1/vector_stores/{id} */
export const updateVectorStore: Route = (call, simulation) => {
  const store = findVectorStore(call, simulation);
  const body = parseJsonBody(call.body);
  store.name = optionalString(body, 'name') ?? store.name;
  if (body['metadata'] !== undefined) store.metadata = readMetadata(body);
  if (body['expires_after'] !== undefined) store.expiresAfter = optionalObject(body, 'expires_after');
  return jsonAnswer(storeObject(store, simulation));
};

/** DELETE /v1/vector_stores/{id} */
export const deleteVectorStore: Route = (call, simulation) => {
  const { id } = findVectorStore(call, simulation);
  simulation.vectorStores.remove(id);
  return jsonAnswer({ id, object: 'vector_store.deleted', deleted: true });
};

/** POST /v1/vector_stores/{id}/search: one fee, whatever is found. */
export const searchVectorStore: Route = (call, simulation) => {
  const store = findVectorStore(call, simulation);
  const body = parseJsonBody(call.body);
  const query = body['query'] ?? missing('query');
  if (typeof query !== 'string' && !Array.isArray(query))
    wrongType('query', 'one of a string or array of strings', query);
  const most = optionalInteger(body, 'max_num_results', 1, 50) ?? 10;
  store.lastActiveAt = seconds(simulation.now());
  const ready = [...store.files.values()].filter((each) => statusOf(each, simulation.now()) === 'completed');
  const data = ready.slice(0, most).map(({ fileId, attributes }, index) => {
    const file = simulation.files.find(fileId);
    const text = file?.bytes.toString('utf8').slice(0, MAX_EXCERPT_CHARS) ?? '';
    return {
      file_id: fileId,
      filename: file?.fileName ?? '',
      score: 1 / (index + 1),
      attributes,
      content: [{ type: 'text', text }],
    };
  });
  return jsonAnswer(
    {
      object: 'vector_store.search_results.page',
      search_query: [query].flat(),
      data,
      has_more: false,
      next_page: null,
    },
    feeCharge(store.id, { fileSearchCalls: 1 }),
  );
};

function storeObject(store: VectorStore, simulation: Simulation): Json {
  const files = [...store.files.values()];
  const counts = countFiles(files, simulation.now());
  return {
    id: store.id,
    object: 'vector_store',
    created_at: store.createdAt,
    name: store.name,
    usage_bytes: files.reduce((sum, each) => sum + each.bytes, 0),
    file_counts: counts,
    status: counts['in_progress'] ? 'in_progress' : 'completed',
    expires_after: store.expiresAfter,
    expires_at: null,
    last_active_at: store.lastActiveAt,
    metadata: store.metadata,
  };
}
