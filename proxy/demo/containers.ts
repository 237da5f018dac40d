import {
  addContainer,
  type Container,
  DEFAULT_LIFETIME_MINUTES,
  isExpired,
  readMemoryLimit,
  sessionUnits,
} from './container-store.ts';
import { feeCharge } from './fee-charge.ts';
import { requireFile } from './file-store.ts';
import { jsonAnswer } from './generation.ts';
import { listAnswer } from './object-list.ts';
import { invalidRequest } from './openai-error.ts';
import {
  type Json,
  optionalArray,
  optionalInteger,
  optionalObject,
  parseJsonBody,
  requiredString,
} from './request-fields.ts';
import { type Call, type Route, type Simulation, seconds } from './simulation.ts';

/** POST /v1/containers: one session, paid for at once. */
export const createContainer: Route = (call, simulation) => {
  const body = parseJsonBody(call.body);
  const name = requiredString(body, 'name');
  const expiry = optionalObject(body, 'expires_after');
  const fileIds = optionalArray(body, 'file_ids').map(String);
  for (const id of fileIds) requireFile(simulation.files, id, 'file_ids');
  const container = addContainer(
    simulation,
    {
      name,
      memoryLimit: readMemoryLimit(body),
      lifetimeMinutes:
        (expiry ? optionalInteger(expiry, 'minutes', 1, DEFAULT_LIFETIME_MINUTES) : null) ??
        DEFAULT_LIFETIME_MINUTES,
    },
    fileIds,
  );
  const charge = feeCharge(container.id, { containerSessions: sessionUnits(container) });
  return jsonAnswer(containerObject(container, simulation), charge);
};

/** GET /v1/containers */
export const listContainers: Route = (call, simulation) => {
  const name = call.query.get('name');
  const containers = simulation.containers.all().filter((each) => name === null || each.name === name);
  return listAnswer(
    call,
    containers.map((each) => containerObject(each, simulation)),
    { order: 'desc' },
  );
};

/** GET /v1/containers/{id} */
export const retrieveContainer: Route = (call, simulation) =>
  jsonAnswer(containerObject(findContainer(call, simulation), simulation));

/** DELETE /v1/containers/{id} */
export const deleteContainer: Route = (call, simulation) => {
  const { id } = findContainer(call, simulation);
  simulation.containers.remove(id);
  return jsonAnswer({ id, object: 'container.deleted', deleted: true });
};

export function findContainer(call: Call, simulation: Simulation): Container {
  const id = call.ids[0] ?? '';
  const container = simulation.containers.find(id);
  if (container) return container;
  throw invalidRequest(`Container with id '${id}' not found.`, null, null, 404);
}

function containerObject(container: Container, simulation: Simulation): Json {
  return {
    id: container.id,
    object: 'container',
    created_at: seconds(container.createdAtMs),
    status: isExpired(container, simulation.now()) ? 'expired' : 'running',
    expires_after: { anchor: 'last_active_at', minutes: container.lifetimeMinutes },
    last_active_at: seconds(container.lastActiveAtMs),
    memory_limit: container.memoryLimit,
    name: container.name,
  };
}
