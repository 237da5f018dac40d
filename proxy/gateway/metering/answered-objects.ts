import type { AnsweredObjects } from './metered.ts';
import { isJsonObject } from './usage-shapes.ts';
import { usedContainers } from './used-containers.ts';

type Json = Readonly<Record<string, unknown>>;

/** Kinds of items of an answer that say all there is of them, so that their ids are not needed. */
const WHOLE_ITEM = /^(message|function_call|custom_tool_call|computer_call|apply_patch_call)$/;

/** What an answer, or the object in the last event of a stream, names; null when it names nothing. */
export function answeredBy(answer: Json): AnsweredObjects | null {
  const id = textOf(answer['id']);
  if (id === null) return null;
  const output = Array.isArray(answer['output']) ? answer['output'].filter(isJsonObject) : [];
  const held = output.filter(({ type }) => typeof type === 'string' && !WHOLE_ITEM.test(type));
  return {
    id,
    itemIds: idsOf(output),
    heldIds: [...idsOf(held), ...soundsOf(answer['choices'])],
    containers: usedContainers(output),
  };
}

/** A stream that has named itself, and nothing else yet. */
export function namedBy(id: string | null): AnsweredObjects {
  return { id, itemIds: [], heldIds: [], containers: [] };
}

/** The same, with the sounds that a chunk of a chat begins. */
export function spokenIn(answered: AnsweredObjects, chunk: unknown): AnsweredObjects {
  const sounds = isJsonObject(chunk) ? soundsOf(chunk['choices']) : [];
  const begun = sounds.filter((id) => !answered.heldIds.includes(id));
  return begun.length > 0 ? { ...answered, heldIds: [...answered.heldIds, ...begun] } : answered;
}

/** What a chat has said aloud, which the next request names instead of sending it. */
function soundsOf(choices: unknown): string[] {
  if (!Array.isArray(choices)) return [];
  return choices.flatMap((choice: unknown) => {
    const said = isJsonObject(choice) ? (choice['message'] ?? choice['delta']) : null;
    return isJsonObject(said) && isJsonObject(said['audio']) ? idsOf([said['audio']]) : [];
  });
}

function idsOf(objects: readonly Json[]): string[] {
  return objects.flatMap((object) => textOf(object['id']) ?? []);
}

const MAX_ID_LENGTH = 200;

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= MAX_ID_LENGTH ? value : null;
}
