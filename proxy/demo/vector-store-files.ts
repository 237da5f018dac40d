import { requireFile } from './file-store.ts';
import { jsonAnswer } from './generation.ts';
import { listAnswer } from './object-list.ts';
import { invalidRequest } from './openai-error.ts';
import { type Json, optionalObject, parseJsonBody, requiredString } from './request-fields.ts';
import { type Call, type Route, type Simulation, seconds } from './simulation.ts';
import { type AttachedFile, findVectorStore, statusOf, type VectorStore } from './vector-store-shelf.ts';

/** POST /v1/vector_stores/{id}/files */
export const addVectorStoreFile: Route = (call, simulation) => {
  const store = findVectorStore(call, simulation);
  return jsonAnswer(
    attachedObject(store, attachFile(store, parseJsonBody(call.body), simulation), simulation),
  );
};

/** GET /v1/vector_stores/{id}/files; `filter` is a status. */
export const listVectorStoreFiles: Route = (call, simulation) => {
  const store = findVectorStore(call, simulation);
  return listAnswer(call, attachedObjects(store, [...store.files.values()], call, simulation), {
    order: 'desc',
  });
};

/** GET /v1/vector_stores/{id}/files/{fileID} */
export const retrieveVectorStoreFile: Route = (call, simulation) => {
  const store = findVectorStore(call, simulation);
  return jsonAnswer(attachedObject(store, findAttached(store, call), simulation));
};

/** POST /v1/vector_stores/{id}/files/{fileID}: the attributes alone can be changed. */
export const updateVectorStoreFile: Route = (call, simulation) => {
  const store = findVectorStore(call, simulation);
  const file = findAttached(store, call);
  file.attributes = optionalObject(parseJsonBody(call.body), 'attributes');
  return jsonAnswer(attachedObject(store, file, simulation));
};

/** DELETE /v1/vector_stores/{id}/files/{fileID}: the file itself stays. */
export const deleteVectorStoreFile: Route = (call, simulation) => {
  const store = findVectorStore(call, simulation);
  const { fileId } = findAttached(store, call);
  store.files.delete(fileId);
  return jsonAnswer({ id: fileId, object: 'vector_store.file.deleted', deleted: true });
};

/** GET /v1/vector_stores/{id}/files/{fileID}/content */
export const readVectorStoreFile: Route = (call, simulation) => {
  const { fileId } = findAttached(findVectorStore(call, simulation), call);
  const text = simulation.files.find(fileId)?.bytes.toString('utf8') ?? '';
  return jsonAnswer({
    object: 'vector_store.file_content.page',
    data: [{ type: 'text', text }],
    has_more: false,
    next_page: null,
  });
};

/** Attaches the file that `wish` names. Throws OpenAiError (404) for one that is not there. */
export function attachFile(
  store: VectorStore,
  wish: Json,
  simulation: Simulation,
  batch: { readonly id: string; readonly readyAtMs: number } | null = null,
): AttachedFile {
  const { id, bytes } = requireFile(simulation.files, requiredString(wish, 'file_id'), 'file_id');
  const file: AttachedFile = {
    fileId: id,
    createdAt: seconds(simulation.now()),
    bytes: bytes.length,
    readyAtMs: batch?.readyAtMs ?? simulation.now(),
    chunking: wish['chunking_strategy'] ?? null,
    batchId: batch?.id ?? null,
    attributes: optionalObject(wish, 'attributes') ?? {},
    isCancelled: false,
  };
  store.files.set(id, file);
  return file;
}

export function attachedObjects(
  store: VectorStore,
  files: readonly AttachedFile[],
  call: Call,
  simulation: Simulation,
): Json[] {
  const wanted = call.query.get('filter');
  return files
    .filter((each) => wanted === null || statusOf(each, simulation.now()) === wanted)
    .map((each) => attachedObject(store, each, simulation));
}

function findAttached(store: VectorStore, call: Call): AttachedFile {
  const id = call.ids[1] ?? '';
  const file = store.files.get(id);
  if (file) return file;
  throw invalidRequest(`No file found with id '${id}' in vector store '${store.id}'.`, null, null, 404);
}

function attachedObject(store: VectorStore, file: AttachedFile, simulation: Simulation): Json {
  const strategy = { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 };
  return {
    id: file.fileId,
    object: 'vector_store.file',
    usage_bytes: file.bytes,
    created_at: file.createdAt,
    vector_store_id: store.id,
    status: statusOf(file, simulation.now()),
    last_error: null,
    chunking_strategy: file.chunking ?? { type: 'static', static: strategy },
    attributes: file.attributes,
  };
}
