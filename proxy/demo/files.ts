import { fileObject, type StoredFile } from './file-store.ts';
import { type Answer, jsonAnswer } from './generation.ts';
import { parseMultipart } from './multipart.ts';
import { listAnswer } from './object-list.ts';
import { invalidRequest } from './openai-error.ts';
import { type Json, missing, optionalChoice } from './request-fields.ts';
import { type Call, type Route, type Simulation, seconds } from './simulation.ts';
import { detachEverywhere } from './vector-store-shelf.ts';

/*
 * Files cost nothing here: storage is not simulated. When they expire is not looked at either.
 */
const PURPOSES = ['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals'];
const MOST_LISTED = 10_000;

/** POST /v1/files */
export const uploadFile: Route = (call, simulation) => {
  const { body, files } = parseMultipart(call.contentType, call.body);
  const sent = files.find((each) => each.field === 'file') ?? missing('file');
  const purpose = readPurpose(body);
  if (purpose === 'batch' && !sent.fileName.endsWith('.jsonl'))
    throw invalidRequest('Invalid file format for Batch API. Must be .jsonl');
  const file = simulation.files.add({
    bytes: Buffer.from(sent.bytes),
    fileName: sent.fileName,
    purpose,
    createdAt: seconds(simulation.now()),
  });
  return jsonAnswer(fileObject(file));
};

/** GET /v1/files */
export const listFiles: Route = (call, simulation) => {
  const purpose = call.query.get('purpose');
  const files = simulation.files.all().filter((each) => purpose === null || each.purpose === purpose);
  return listAnswer(call, files.map(fileObject), {
    order: 'desc',
    limit: MOST_LISTED,
    mostLimit: MOST_LISTED,
  });
};

/** GET /v1/files/{id} */
export const retrieveFile: Route = (call, simulation) => jsonAnswer(fileObject(findFile(call, simulation)));

/** DELETE /v1/files/{id}: vector stores lose it, too. */
export const deleteFile: Route = (call, simulation) => {
  const { id } = findFile(call, simulation);
  simulation.files.remove(id);
  detachEverywhere(id, simulation);
  return jsonAnswer({ object: 'file', deleted: true, id });
};

/** GET /v1/files/{id}/content: of any purpose, although OpenAI keeps some to itself. */
export const readFileContent: Route = (call, simulation) => bytesAnswer(findFile(call, simulation).bytes);

export function bytesAnswer(body: Buffer): Answer {
  return { kind: 'whole', status: 200, contentType: 'application/octet-stream', body, charge: null };
}

export function readPurpose(body: Json): string {
  return optionalChoice(body, 'purpose', PURPOSES) ?? missing('purpose');
}

function findFile(call: Call, simulation: Simulation): StoredFile {
  const id = call.ids[0] ?? '';
  const file = simulation.files.find(id);
  if (file) return file;
  throw invalidRequest(`No such File object: ${id}`, 'id', null, 404);
}
