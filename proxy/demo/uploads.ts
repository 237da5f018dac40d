import { fileObject, type StoredFile } from './file-store.ts';
import { readPurpose } from './files.ts';
import { jsonAnswer } from './generation.ts';
import { parseMultipart } from './multipart.ts';
import { objectId } from './object-ids.ts';
import { invalidRequest } from './openai-error.ts';
import {
  type Json,
  missing,
  optionalArray,
  optionalInteger,
  parseJsonBody,
  requiredString,
} from './request-fields.ts';
import { type Call, type Route, type Simulation, seconds } from './simulation.ts';

/** A large file on its way, part by part. */
export interface Upload {
  readonly id: string;
  readonly bytes: number;
  readonly createdAt: number;
  readonly fileName: string;
  readonly purpose: string;
  readonly parts: Map<string, Buffer>;
  status: 'pending' | 'completed' | 'cancelled';
  file: StoredFile | null;
}

const MAX_BYTES = 8 * 1024 ** 3;
const LIFETIME_S = 3600;

/** POST /v1/uploads */
export const createUpload: Route = (call, simulation) => {
  const body = parseJsonBody(call.body);
  requiredString(body, 'mime_type');
  const upload: Upload = {
    id: objectId('upload_'),
    bytes: optionalInteger(body, 'bytes', 1, MAX_BYTES) ?? missing('bytes'),
    createdAt: seconds(simulation.now()),
    fileName: requiredString(body, 'filename'),
    purpose: readPurpose(body),
    parts: new Map(),
    status: 'pending',
    file: null,
  };
  simulation.uploads.add(upload);
  return jsonAnswer(uploadObject(upload));
};

/** POST /v1/uploads/{id}/parts */
export const addUploadPart: Route = (call, simulation) => {
  const upload = findPending(call, simulation);
  const { files } = parseMultipart(call.contentType, call.body);
  const data = files.find((each) => each.field === 'data') ?? missing('data');
  const id = objectId('part_');
  upload.parts.set(id, Buffer.from(data.bytes));
  return jsonAnswer({
    id,
    object: 'upload.part',
    created_at: seconds(simulation.now()),
    upload_id: upload.id,
  });
};

/** POST /v1/uploads/{id}/complete */
export const completeUpload: Route = (call, simulation) => {
  const upload = findPending(call, simulation);
  const body = parseJsonBody(call.body);
  if (body['part_ids'] === undefined) missing('part_ids');
  const chunks = optionalArray(body, 'part_ids').map((id) => {
    const part = upload.parts.get(String(id));
    if (part) return part;
    throw invalidRequest(`No such part: ${String(id)}`, 'part_ids', null, 404);
  });
  const bytes = Buffer.concat(chunks);
  if (bytes.length !== upload.bytes) {
    throw invalidRequest(
      `The number of bytes uploaded (${bytes.length}) does not match the number of bytes of the upload (${upload.bytes}).`,
    );
  }
  const { fileName, purpose } = upload;
  upload.file = simulation.files.add({ bytes, fileName, purpose, createdAt: seconds(simulation.now()) });
  upload.status = 'completed';
  upload.parts.clear();
  return jsonAnswer(uploadObject(upload));
};

/** POST /v1/uploads/{id}/cancel */
export const cancelUpload: Route = (call, simulation) => {
  const upload = findPending(call, simulation);
  upload.status = 'cancelled';
  upload.parts.clear();
  return jsonAnswer(uploadObject(upload));
};

function findPending(call: Call, simulation: Simulation): Upload {
  const id = call.ids[0] ?? '';
  const upload = simulation.uploads.find(id);
  if (!upload) throw invalidRequest(`No such Upload object: ${id}`, 'id', null, 404);
  if (upload.status !== 'pending')
    throw invalidRequest(`Upload ${id} is ${upload.status} and takes no more changes.`);
  return upload;
}

function uploadObject(upload: Upload): Json {
  return {
    id: upload.id,
    object: 'upload',
    bytes: upload.bytes,
    created_at: upload.createdAt,
    filename: upload.fileName,
    purpose: upload.purpose,
    status: upload.status,
    expires_at: upload.createdAt + LIFETIME_S,
    file: upload.file ? fileObject(upload.file) : null,
  };
}
