import { requireContainer } from './container-store.ts';
import { requireFile } from './file-store.ts';
import { isObject, type Json, optionalArray } from './request-fields.ts';
import type { Simulation } from './simulation.ts';
import { requireVectorStore } from './vector-store-shelf.ts';

/** What hosted tools refer to must be there, used or not. Throws OpenAiError (404). */
export function checkHostedTools(body: Json, simulation: Simulation): void {
  for (const tool of optionalArray(body, 'tools')) {
    if (!isObject(tool)) continue;
    for (const id of optionalArray(tool, 'vector_store_ids'))
      requireVectorStore(String(id), simulation, 'tools');
    checkMachine(tool['container'], simulation);
    if (tool['type'] === 'shell') checkMachine(tool['environment'], simulation);
  }
}

function checkMachine(machine: unknown, simulation: Simulation): void {
  if (typeof machine === 'string') requireContainer(machine, simulation);
  if (!isObject(machine)) return;
  if (machine['type'] === 'container_reference')
    requireContainer(String(machine['container_id']), simulation);
  for (const id of optionalArray(machine, 'file_ids')) requireFile(simulation.files, String(id), 'tools');
}
