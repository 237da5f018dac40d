import { addContainerFile, type Container, type ContainerFile } from './container-store.ts';
import { findContainer } from './containers.ts';
import { requireFile } from './file-store.ts';
import { bytesAnswer } from './files.ts';
import { jsonAnswer } from './generation.ts';
import { parseMultipart } from './multipart.ts';
import { listAnswer } from './object-list.ts';
import { invalidRequest } from './openai-error.ts';
import { type Json, missing, parseJsonBody, requiredString } from './request-fields.ts';
import type { Call, Route, Simulation } from './simulation.ts';

/** POST /v1/containers/{id}/files: the file itself, or the id of one. Free. */
export const createContainerFile: Route = (call, simulation) => {
  const container = findContainer(call, simulation);
  const { name, bytes } = readFile(call, simulation);
  return jsonAnswer(
    containerFileObject(container, addContainerFile(container, name, bytes, simulation.now())),
  );
};

/** GET /v1/containers/{id}/files */
export const listContainerFiles: Route = (call, simulation) => {
  const container = findContainer(call, simulation);
  const files = container.files.all().map((each) => containerFileObject(container, each));
  return listAnswer(call, files, { order: 'desc' });
};

/** GET /v1/containers/{id}/files/{fileID} */
export const retrieveContainerFile: Route = (call, simulation) => {
  const container = findContainer(call, simulation);
  return jsonAnswer(containerFileObject(container, findFile(container, call)));
};

/** DELETE /v1/containers/{id}/files/{fileID} */
export const deleteContainerFile: Route = (call, simulation) => {
  const container = findContainer(call, simulation);
  const { id } = findFile(container, call);
  container.files.remove(id);
  return jsonAnswer({ id, object: 'container.file.deleted', deleted: true });
};

/** GET /v1/containers/{id}/files/{fileID}/content */
export const readContainerFileContent: Route = (call, simulation) =>
  bytesAnswer(findFile(findContainer(call, simulation), call).bytes);

function readFile(call: Call, simulation: Simulation): { name: string; bytes: Buffer } {
  if (call.contentType.startsWith('multipart/')) {
    const { files } = parseMultipart(call.contentType, call.body);
    const { fileName, bytes } = files.find((each) => each.field === 'file') ?? missing('file');
    return { name: fileName, bytes: Buffer.from(bytes) };
  }
  const id = requiredString(parseJsonBody(call.body), 'file_id');
  const { fileName, bytes } = requireFile(simulation.files, id, 'file_id');
  return { name: fileName, bytes };
}

function findFile(container: Container, call: Call): ContainerFile {
  const id = call.ids[1] ?? '';
  const file = container.files.find(id);
  if (file) return file;
  throw invalidRequest(`Container file with id '${id}' not found.`, null, null, 404);
}

function containerFileObject(container: Container, file: ContainerFile): Json {
  return {
    id: file.id,
    object: 'container.file',
    created_at: file.createdAt,
    bytes: file.bytes.length,
    container_id: container.id,
    path: file.path,
    source: 'user',
  };
}
