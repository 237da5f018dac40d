import { type JsonDocument, JsonObject } from './strict-json.ts';

/**
 * Puts members into a JSON body by splicing bytes, so that everything the client wrote stays as it
 * wrote it: numbers keep their form, members their order. `changes` maps a member of the outermost
 * object to the JSON text of its new value.
 */
export function rewriteBody(
  body: Buffer,
  document: JsonDocument,
  changes: ReadonlyMap<string, string>,
): Buffer {
  const pieces: Buffer[] = [];
  const added: string[] = [];
  let copied = 0;
  const spans = new Map(document.members.map((member) => [member.key, member]));
  const present = [...changes].flatMap(([key, value]) => {
    const span = spans.get(key);
    if (!span) added.push(`${JSON.stringify(key)}:${value}`);
    return span ? [{ ...span, value }] : [];
  });
  present.sort((a, b) => a.valueStart - b.valueStart);
  for (const { valueStart, valueEnd, value } of present) {
    pieces.push(body.subarray(copied, valueStart), Buffer.from(value));
    copied = valueEnd;
  }
  pieces.push(body.subarray(copied));
  const rewritten = Buffer.concat(pieces);
  if (added.length === 0) return rewritten;
  const open = rewritten.indexOf(0x7b) + 1;
  const comma = document.members.length > 0 ? ',' : '';
  return Buffer.concat([
    rewritten.subarray(0, open),
    Buffer.from(added.join(',') + comma),
    rewritten.subarray(open),
  ]);
}

/** The client's `stream_options` with usage asked for, as JSON text. */
export function streamOptionsWithUsage(body: Buffer, document: JsonDocument): string {
  const span = document.members.find((member) => member.key === 'stream_options');
  const options = document.root.get('stream_options');
  if (!span || !(options instanceof JsonObject)) return '{"include_usage":true}';
  const own = JSON.parse(body.toString('utf8', span.valueStart, span.valueEnd)) as object;
  return JSON.stringify({ ...own, include_usage: true });
}
