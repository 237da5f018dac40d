import { type Answer, jsonAnswer } from './generation.ts';
import { listAnswer } from './object-list.ts';
import { invalidRequest } from './openai-error.ts';
import type { StoredResponse } from './response-store.ts';
import type { Call, Route, Simulation } from './simulation.ts';

/** GET /v1/responses/{id}; `?stream=true&starting_after=N` resumes a background response. Free. */
export const retrieveResponse: Route = (call, simulation): Answer => {
  const stored = findStored(call, simulation);
  if (call.query.get('stream') !== 'true') return jsonAnswer(stored.read());
  if (!stored.run) throw invalidRequest('This response was not created in background mode.', 'stream');
  return {
    kind: 'streamed',
    generation: stored.generation,
    replay: { run: stored.run, afterSequence: Number(call.query.get('starting_after') ?? -1) },
  };
};

/** DELETE /v1/responses/{id} */
export const deleteResponse: Route = (call, simulation) => {
  const { id } = findStored(call, simulation);
  simulation.responses.remove(id);
  return jsonAnswer({ id, object: 'response', deleted: true });
};

/** POST /v1/responses/{id}/cancel: background responses only. What was generated is billed, and not reported. */
export const cancelResponse: Route = (call, simulation) => {
  const stored = findStored(call, simulation);
  if (!stored.run) throw invalidRequest('Cannot cancel a synchronous response.');
  if (stored.status === 'queued' || stored.status === 'in_progress') {
    stored.run.stop();
    stored.status = 'cancelled';
  }
  return jsonAnswer(stored.read());
};

/** GET /v1/responses/{id}/input_items: newest first unless `order=asc`, at most `limit` (20). */
export const listInputItems: Route = (call, simulation) => {
  const { inputItems } = findStored(call, simulation);
  return listAnswer(call, inputItems, { order: 'desc' });
};

function findStored(call: Call, simulation: Simulation): StoredResponse {
  const id = call.ids[0] ?? '';
  const stored = simulation.responses.find(id);
  if (stored) return stored;
  throw invalidRequest(`Response with id '${id}' not found.`, null, null, 404);
}
