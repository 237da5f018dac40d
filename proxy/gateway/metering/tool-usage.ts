import { NO_TOOL_CALLS, type Usage } from '../../pricing/usage.ts';
import type { ToldCalls } from './metered.ts';
import { isJsonObject, readUsage } from './usage-shapes.ts';
import { usedContainers } from './used-containers.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * Counts the calls of tools that OpenAI ran inside a response, whose fees are not in `usage`: searches
 * by `tool_usage` or, where it says nothing, by the output items, which are the only place that shows
 * file searches and containers. Null where a tool's cost cannot be told from the answer.
 */
export function toolCallsOf(answer: Json): ToldCalls | null {
  const told = isJsonObject(answer['tool_usage']) ? answer['tool_usage'] : {};
  const output = Array.isArray(answer['output']) ? answer['output'].filter(isJsonObject) : [];
  const searches = isJsonObject(told['web_search']) ? told['web_search']['num_requests'] : 0;
  if (typeof searches !== 'number' || !Number.isSafeInteger(searches) || searches < 0) return null;
  const containers = usedContainers(output);
  const calls = {
    webSearchCalls: Math.max(searches, output.filter(isSearch).length),
    fileSearchCalls: output.filter(({ type }) => type === 'file_search_call').length,
    // Two tools in one container share its session.
    containerSessions: new Set(containers.map(({ id }) => id)).size,
    containers,
  };
  const isUsed = calls.webSearchCalls + calls.fileSearchCalls + calls.containerSessions > 0;
  return isUsed ? calls : NO_TOOL_CALLS;
}

/** Opening a page that was found costs nothing. */
function isSearch({ type, action }: Json): boolean {
  if (type !== 'web_search_call') return false;
  const kind = isJsonObject(action) ? action['type'] : undefined;
  return kind === undefined || kind === 'search';
}

/** The usage of pictures that were made inside a response; null without any, undefined where it is not told right. */
export function picturesOf(answer: Json): Usage | null | undefined {
  const told = isJsonObject(answer['tool_usage']) ? answer['tool_usage']['image_gen'] : undefined;
  const output = Array.isArray(answer['output']) ? answer['output'] : [];
  const hasPicture = output.some((item) => isJsonObject(item) && item['type'] === 'image_generation_call');
  if (!isJsonObject(told)) return hasPicture ? undefined : null;
  if (told['total_tokens'] === 0) return null;
  const read = readUsage(told, 'image');
  return read.ok ? read.usage : undefined;
}
