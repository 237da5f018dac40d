import { BATCH_ENDPOINTS } from './batch-lines.ts';
import { startBatchRun } from './batch-run.ts';
import { type Batch, batchObject } from './batch-store.ts';
import { requireFile } from './file-store.ts';
import { jsonAnswer } from './generation.ts';
import { readMetadata } from './metadata.ts';
import { objectId } from './object-ids.ts';
import { listAnswer } from './object-list.ts';
import { invalidRequest } from './openai-error.ts';
import { missing, optionalChoice, parseJsonBody, requiredString } from './request-fields.ts';
import { type Call, type Route, type Simulation, seconds } from './simulation.ts';

/** POST /v1/batches: accepted at once; what the file asks for runs, and is billed, later. */
export const createBatch: Route = (call, simulation) => {
  const body = parseJsonBody(call.body);
  const endpoint = optionalChoice(body, 'endpoint', BATCH_ENDPOINTS) ?? missing('endpoint');
  const window = optionalChoice(body, 'completion_window', ['24h']) ?? missing('completion_window');
  const file = requireFile(simulation.files, requiredString(body, 'input_file_id'), 'input_file_id');
  if (file.purpose !== 'batch') {
    throw invalidRequest(
      `The file '${file.id}' has the purpose '${file.purpose}'; a batch needs one with the purpose 'batch'.`,
      'input_file_id',
      'invalid_file_purpose',
    );
  }
  const batch: Batch = {
    id: objectId('batch_'),
    endpoint,
    inputFileId: file.id,
    completionWindow: window,
    metadata: readMetadata(body),
    createdAt: seconds(simulation.now()),
    enteredAt: {},
    counts: { total: 0, completed: 0, failed: 0 },
    status: 'validating',
    errors: [],
    model: null,
    usage: null,
    outputFileId: null,
    errorFileId: null,
    run: null,
  };
  simulation.batches.add(batch);
  return {
    kind: 'later',
    body: JSON.stringify(batchObject(batch)),
    start: (deps) => startBatchRun(batch, { ...deps, simulation, answerAs: call.answerAs }),
  };
};

/** GET /v1/batches: newest first. */
export const listBatches: Route = (call, simulation) =>
  listAnswer(call, simulation.batches.all().map(batchObject), { order: 'desc' });

/** GET /v1/batches/{id} */
export const retrieveBatch: Route = (call, simulation) =>
  jsonAnswer(batchObject(findBatch(call, simulation)));

/** POST /v1/batches/{id}/cancel: `cancelling` first, and `cancelled` a little later. */
export const cancelBatch: Route = (call, simulation) => {
  const batch = findBatch(call, simulation);
  if (['failed', 'completed', 'expired', 'cancelled'].includes(batch.status))
    throw invalidRequest(`Cannot cancel a batch with status '${batch.status}'.`);
  batch.run?.cancel();
  return jsonAnswer(batchObject(batch));
};

function findBatch(call: Call, simulation: Simulation): Batch {
  const id = call.ids[0] ?? '';
  const batch = simulation.batches.find(id);
  if (batch) return batch;
  throw invalidRequest(`No batch found with id '${id}'.`, null, null, 404);
}
