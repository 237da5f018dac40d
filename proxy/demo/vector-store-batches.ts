import { requireFile } from './file-store.ts';
import { jsonAnswer } from './generation.ts';
import { objectId } from './object-ids.ts';
import { listAnswer } from './object-list.ts';
import { invalidRequest } from './openai-error.ts';
import {
  isObject,
  type Json,
  missing,
  optionalArray,
  parseJsonBody,
  requiredString,
  wrongType,
} from './request-fields.ts';
import { type Call, type Route, type Simulation, seconds } from './simulation.ts';
import { attachedObjects, attachFile } from './vector-store-files.ts';
import {
  type AttachedFile,
  countFiles,
  type FileBatch,
  findVectorStore,
  type VectorStore,
} from './vector-store-shelf.ts';

/** POST /v1/vector_stores/{id}/file_batches: many files at once, which takes `batchMs`. */
export const createFileBatch: Route = (call, simulation) => {
  const store = findVectorStore(call, simulation);
  const wishes = readWishes(parseJsonBody(call.body));
  // All of them or none: what is not there is found out before anything is attached.
  for (const wish of wishes) requireFile(simulation.files, requiredString(wish, 'file_id'), 'file_id');
  const pending = { id: objectId('vsfb_'), readyAtMs: simulation.now() + simulation.batchMs };
  const files = wishes.map((wish) => attachFile(store, wish, simulation, pending));
  const batch: FileBatch = {
    id: pending.id,
    createdAt: seconds(simulation.now()),
    fileIds: files.map((each) => each.fileId),
  };
  store.batches.set(batch.id, batch);
  return jsonAnswer(batchObject(store, batch, simulation));
};

/** GET /v1/vector_stores/{id}/file_batches/{batchID} */
export const retrieveFileBatch: Route = (call, simulation) => {
  const store = findVectorStore(call, simulation);
  return jsonAnswer(batchObject(store, findBatch(store, call), simulation));
};

/** POST /v1/vector_stores/{id}/file_batches/{batchID}/cancel */
export const cancelFileBatch: Route = (call, simulation) => {
  const store = findVectorStore(call, simulation);
  const batch = findBatch(store, call);
  for (const file of filesOf(store, batch)) file.isCancelled = simulation.now() < file.readyAtMs;
  return jsonAnswer(batchObject(store, batch, simulation));
};

/** GET /v1/vector_stores/{id}/file_batches/{batchID}/files */
export const listFilesOfBatch: Route = (call, simulation) => {
  const store = findVectorStore(call, simulation);
  const files = filesOf(store, findBatch(store, call));
  return listAnswer(call, attachedObjects(store, files, call, simulation), { order: 'desc' });
};

/** Ids alone, or objects that say more about each file. */
function readWishes(body: Json): Json[] {
  const given = body['files'] ?? body['file_ids'] ?? missing('file_ids');
  if (!Array.isArray(given)) wrongType('file_ids', 'an array of strings', given);
  const shared = { attributes: body['attributes'], chunking_strategy: body['chunking_strategy'] };
  if (body['files'] === undefined) return given.map((id) => ({ ...shared, file_id: id }));
  return optionalArray(body, 'files').map((each, index) =>
    isObject(each) ? each : wrongType(`files[${index}]`, 'an object', each),
  );
}

function findBatch(store: VectorStore, call: Call): FileBatch {
  const id = call.ids[1] ?? '';
  const batch = store.batches.get(id);
  if (batch) return batch;
  throw invalidRequest(`No file batch found with id '${id}'.`, null, null, 404);
}

/** Files that were attached anew since belong to whatever attached them last. */
function filesOf(store: VectorStore, batch: FileBatch): AttachedFile[] {
  return batch.fileIds
    .map((id) => store.files.get(id))
    .filter((each) => each !== undefined)
    .filter((each) => each.batchId === batch.id);
}

function batchObject(store: VectorStore, batch: FileBatch, simulation: Simulation): Json {
  const counts = countFiles(filesOf(store, batch), simulation.now());
  const rest = counts['cancelled'] ? 'cancelled' : 'completed';
  return {
    id: batch.id,
    object: 'vector_store.files_batch',
    created_at: batch.createdAt,
    vector_store_id: store.id,
    status: counts['in_progress'] ? 'in_progress' : rest,
    file_counts: counts,
  };
}
