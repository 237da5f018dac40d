import { JsonArray, JsonObject, type JsonValue, LongText } from '../strict-json.ts';
import { failField, isText } from './fields.ts';

/** More than any request has a use for; each is looked up. */
const MAX_REFERENCES = 2_000;
/** OpenAI's own have some sixty characters. */
const MAX_ID_LENGTH = 200;

/** Members that name one object each, wherever they stand. */
const ONE = new Set([
  'approval_request_id',
  'comparison_response_id',
  'container_id',
  'file_id',
  'input_file_id',
  'previous_response_id',
  'response_id',
  'skill_id',
  'tunnel_id',
  'vector_store_id',
]);
/** Members that name many. */
const MANY = new Set(['file_ids', 'part_ids', 'vector_store_ids']);
/** Members that are an object with an id, or a text that is none: a stored prompt, a voice of one's own. */
const WITH_ID = new Set(['prompt', 'voice']);
/** Members that hold what the client likes, or what an answer has said, and nothing that OpenAI looks up. */
const OPAQUE = new Set([
  'annotations',
  'filters',
  'input_schema',
  'json_schema',
  'metadata',
  'parameters',
  'schema',
]);

/** Ids of objects at OpenAI that a body refers to, so that it is known whose they are. */
export function objectReferences(root: JsonObject): string[] {
  const found = new Set<string>();
  collect(root, found);
  const conversation = root.get('conversation');
  addText('conversation', conversation instanceof JsonObject ? conversation.get('id') : conversation, found);
  for (const name of ['input', 'items']) addItems(name, root.get(name), found);
  if (found.size > MAX_REFERENCES) failField('input', `it refers to more than ${MAX_REFERENCES} objects`);
  return [...found];
}

function collect(value: JsonValue, found: Set<string>): void {
  if (value instanceof JsonArray) {
    for (const item of value.items) collect(item, found);
    return;
  }
  if (!(value instanceof JsonObject)) return;
  for (const [index, key] of value.keys.entries()) {
    const member = value.values[index] ?? null;
    if (OPAQUE.has(key)) continue;
    if (ONE.has(key)) addText(key, member, found);
    else if (MANY.has(key) && member instanceof JsonArray)
      for (const item of member.items) addText(key, item, found);
    // Of the code interpreter: the id of a container, or the wish for a new one.
    else if (key === 'container' && typeof member === 'string') addText(key, member, found);
    // What the model has said before, by its id.
    else if (key === 'audio' && member instanceof JsonObject && value.get('role') === 'assistant') {
      addText(key, member.get('id'), found);
    } else if (WITH_ID.has(key) && member instanceof JsonObject) addText(key, member.get('id'), found);
    collect(member, found);
  }
}

/**
 * Items of the input that OpenAI may look up by their id: references, and whatever is not known to stand
 * in the body as a whole. A message that says everything may carry an id that nobody looks at.
 */
function addItems(name: string, items: JsonValue | undefined, found: Set<string>): void {
  if (!(items instanceof JsonArray)) return;
  for (const item of items.items) {
    if (item instanceof JsonObject && refersToStored(item)) addText(name, item.get('id'), found);
  }
}

/** Kinds of items that say all there is of them. Of others OpenAI may hold the larger part. */
const WHOLE_ITEMS: ReadonlySet<JsonValue | undefined> = new Set([
  'additional_tools',
  'apply_patch_call',
  'apply_patch_call_output',
  'computer_call',
  'computer_call_output',
  'configuration_update',
  'custom_tool_call',
  'custom_tool_call_output',
  'function_call',
  'function_call_output',
  'local_shell_call',
  'local_shell_call_output',
  'message',
  'shell_call',
  'shell_call_output',
  'tool_search_call',
  'tool_search_output',
]);

/** Sealed content stands in the body; without it OpenAI goes by the id. */
const SEALED_ITEMS: ReadonlySet<JsonValue | undefined> = new Set(['compaction', 'reasoning']);

/** Whether an item of the input refers to something that is not in the body. */
export function refersToStored(item: JsonValue): boolean {
  if (!(item instanceof JsonObject)) return false;
  const type = item.get('type') ?? undefined;
  if (SEALED_ITEMS.has(type)) return !isText(item.get('encrypted_content'));
  // A message needs no type, but a role; an id alone is a reference.
  return type === undefined ? !isText(item.get('role')) : !WHOLE_ITEMS.has(type);
}

/** What is too long to be looked up is not passed on unseen. */
function addText(field: string, value: JsonValue | undefined, found: Set<string>): void {
  if (value instanceof LongText || (typeof value === 'string' && value.length > MAX_ID_LENGTH)) {
    failField(field, 'it is too long to be an id');
  } else if (typeof value === 'string' && value !== '') found.add(value);
}
