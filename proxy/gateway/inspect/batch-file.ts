import type { BatchModel, BatchPlan } from '../../pricing/batch-bound.ts';
import { isRefusal } from '../refusal.ts';
import { type JsonDocument, JsonObject, parseStrictJson } from '../strict-json.ts';
import { inspecting } from './fields.ts';
import type { RequestFacts } from './request-facts.ts';
import { inspectChat, inspectCompletions, inspectEmbeddings, inspectResponses } from './text-endpoints.ts';

/** OpenAI takes as many lines in one batch. */
const MAX_LINES = 50_000;
const LF = 0x0a;

type Inspect = (document: JsonDocument, bodyBytes: number) => RequestFacts;

const INSPECTORS: Readonly<Record<string, Inspect>> = {
  '/v1/chat/completions': inspectChat,
  '/v1/completions': inspectCompletions,
  '/v1/embeddings': inspectEmbeddings,
  '/v1/responses': inspectResponses,
};

/** What costs nothing has nothing to be bounded. */
const FREE_ENDPOINTS: ReadonlySet<unknown> = new Set(['/v1/moderations']);

/**
 * Reads a file of requests, one JSON object a line, and adds up what they may use by model. What cannot
 * be bounded is noted and decided when a batch is made of the file; a line that OpenAI will not take
 * either costs nothing.
 */
export async function inspectBatchFile(
  content: Buffer,
): Promise<{ plan: BatchPlan; references: readonly string[] }> {
  const models = new Map<string, BatchModel>();
  const references = new Set<string>();
  let unbounded: string | null = null;
  let lines = 0;
  for (let start = 0; start < content.length; ) {
    const end = content.indexOf(LF, start);
    const line = content.subarray(start, end < 0 ? content.length : end);
    start += line.length + 1;
    if (line.toString('latin1', 0, 64).trim() === '' && line.toString('latin1').trim() === '') continue;
    lines += 1;
    if (lines > MAX_LINES) return { plan: { lines, models: [], unbounded: TOO_MANY }, references: [] };
    const read = await inspectLine(line);
    if (typeof read === 'string') unbounded ??= `line ${lines} ${read}`;
    else if (read) {
      for (const id of read.references) references.add(id);
      add(models, read);
    }
    if (lines % 64 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return { plan: { lines, models: [...models.values()], unbounded }, references: [...references] };
}

const TOO_MANY = `it has more than ${MAX_LINES} lines`;

/** The facts of a line's request, null where it is free, or why there is no bound for it. */
async function inspectLine(line: Buffer): Promise<RequestFacts | string | null> {
  const result = await parseStrictJson(trimmed(line));
  if (!result.ok) return `is not strict JSON: ${result.problem}`;
  const { root, members } = result.document;
  const url = root.get('url');
  if (FREE_ENDPOINTS.has(url)) return null;
  const inspect = typeof url === 'string' && Object.hasOwn(INSPECTORS, url) ? INSPECTORS[url] : undefined;
  if (!inspect) return 'asks for an endpoint that Tollgate cannot bound in a batch';
  const body = root.get('body');
  const span = members.find(({ key }) => key === 'body');
  if (!(body instanceof JsonObject) || !span) return 'has no body';
  const facts = inspecting(() => inspect({ root: body, members: [] }, span.valueEnd - span.valueStart));
  if (isRefusal(facts)) return `has a body that cannot be read: ${facts.details['problem'] ?? ''}`;
  if (facts.unbounded !== null) return `has no bound: ${facts.unbounded}`;
  if (facts.hosted !== null) return 'uses tools that run at OpenAI';
  if (facts.isBackground) return 'asks for a background response';
  if (facts.addsTo !== null) return 'adds to a conversation';
  return facts;
}

/** A line may end in a carriage return. */
function trimmed(line: Buffer): Buffer {
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}

function add(models: Map<string, BatchModel>, facts: RequestFacts): void {
  const { model, worst, clientMaxOutput } = facts;
  const before = models.get(model) ?? { ...EMPTY, model };
  const readsContext = facts.inputIsHidden || facts.continues !== null;
  const closed = facts.outputCeiling ?? clientMaxOutput;
  models.set(model, {
    model,
    lines: before.lines + 1,
    inputTokens: before.inputTokens + (readsContext ? 0 : worst.inputTokens),
    contextLines: before.contextLines + (readsContext ? 1 : 0),
    longestInput: Math.max(before.longestInput, worst.inputTokens),
    outputTokens: before.outputTokens + (closed ?? 0) * worst.choices,
    longestAnswer: Math.max(before.longestAnswer, closed ?? 0),
    openAnswers: before.openAnswers + (closed === null ? worst.choices : 0),
    hasAudioInput: before.hasAudioInput || worst.hasAudioInput,
    hasImageInput: before.hasImageInput || worst.hasImageInput,
    webSearchCalls: before.webSearchCalls + worst.tools.webSearchCalls,
    speaks: before.speaks || worst.output === 'audio',
  });
}

const EMPTY: Omit<BatchModel, 'model'> = {
  lines: 0,
  inputTokens: 0,
  contextLines: 0,
  longestInput: 0,
  outputTokens: 0,
  longestAnswer: 0,
  openAnswers: 0,
  hasAudioInput: false,
  hasImageInput: false,
  webSearchCalls: 0,
  speaks: false,
};
