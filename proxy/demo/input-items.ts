import { objectId } from './object-ids.ts';
import { invalidRequest } from './openai-error.ts';
import { isObject, type Json, missing, wrongType, wrongValue } from './request-fields.ts';
import type { Call, Simulation } from './simulation.ts';
import { findStoredItem } from './stored-items.ts';

const ROLES = ['user', 'assistant', 'system', 'developer'];

/**
 * Items as OpenAI stores and lists them: a text is a message of the user, each item has an id, and a
 * reference is replaced by what it refers to. `param` is the field they came in. Throws OpenAiError.
 */
export function readInputItems(given: unknown, param: string, call: Call, simulation: Simulation): Json[] {
  const list = typeof given === 'string' ? [{ role: 'user', content: given }] : (given ?? []);
  if (!Array.isArray(list)) wrongType(param, 'one of a string or array of input items', given);
  return list.map((item, index): Json => {
    const where = `${param}[${index}]`;
    if (!isObject(item)) wrongType(where, 'an object', item);
    if (isReference(item))
      return referredItem(String(item['id'] ?? missing(`${where}.id`)), call, simulation);
    const type = typeof item['type'] === 'string' ? item['type'] : 'message';
    const id = typeof item['id'] === 'string' ? item['id'] : null;
    if (type !== 'message') return { ...item, id: id ?? objectId(`${type.slice(0, 2)}_`) };
    const role = item['role'] ?? missing(`${where}.role`);
    if (!ROLES.includes(String(role))) wrongValue(`${where}.role`, role, ROLES);
    const content = item['content'] ?? missing(`${where}.content`);
    if (typeof content !== 'string' && !Array.isArray(content))
      wrongType(`${where}.content`, 'one of a string or array of objects', content);
    const parts = typeof content === 'string' ? [{ type: 'input_text', text: content }] : content;
    return { id: id ?? objectId('msg_'), type, status: 'completed', role, content: parts };
  });
}

/** A reference may leave out its type: then the id is all it has. */
function isReference(item: Json): boolean {
  if (item['type'] === 'item_reference') return true;
  return Object.keys(item).every((key) => key === 'id' || (key === 'type' && item[key] === null));
}

function referredItem(id: string, call: Call, simulation: Simulation): Json {
  const item = findStoredItem(id, call, simulation);
  if (item) return item;
  throw invalidRequest(
    `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`,
    'input',
    null,
    404,
  );
}
