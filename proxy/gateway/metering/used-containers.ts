import type { ContainerTool, UsedContainer } from '../../pricing/usage.ts';
import { isJsonObject } from './usage-shapes.ts';

type Json = Readonly<Record<string, unknown>>;

const MAX_ID_LENGTH = 200;

/** The containers that the items of a response have run in, each once. */
export function usedContainers(output: readonly Json[]): UsedContainer[] {
  const used: UsedContainer[] = [];
  for (const item of output) {
    const container = containerOf(item);
    if (container && !used.some(({ id, tool }) => id === container.id && tool === container.tool)) {
      used.push(container);
    }
  }
  return used;
}

/** A shell of the client's runs in none. */
function containerOf(item: Json): UsedContainer | null {
  if (item['type'] === 'code_interpreter_call') return used('code', item['container_id']);
  if (item['type'] !== 'shell_call') return null;
  const { environment } = item;
  const id = isJsonObject(environment) ? environment['container_id'] : item['container_id'];
  return typeof id === 'string' ? used('shell', id) : null;
}

function used(tool: ContainerTool, id: unknown): UsedContainer {
  const isId = typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH;
  return { id: isId ? id : null, tool };
}
