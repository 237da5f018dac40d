import { usageOf } from '../../pricing/usage.ts';
import { containerDetail } from '../container-sizes.ts';
import type { Part } from '../multipart.ts';
import { JsonArray, type JsonDocument } from '../strict-json.ts';
import { inspectBatchFile } from './batch-file.ts';
import { findMedia } from './content-parts.ts';
import { failField, isText, optionalText } from './fields.ts';
import { memoryUnits } from './hosted-tools.ts';
import { objectReferences, refersToStored } from './object-references.ts';
import { PLAIN_FACTS, PLAIN_WORST, type RequestFacts } from './request-facts.ts';

/** `POST /conversations` and `…/items`: free, but what is put in is read by later responses. */
export function inspectConversationItems(
  document: JsonDocument | null,
  bodyBytes: number,
  conversation: string | null,
): RequestFacts {
  const items = document?.root.get('items');
  const media = findMedia('', items);
  const isHidden = media.hidden || (items instanceof JsonArray && items.items.some(refersToStored));
  const isPlainText = !isHidden && media.imageTokens === 0 && media.audioTokens === 0;
  return {
    ...PLAIN_FACTS,
    model: '',
    document,
    outputCeiling: 0,
    addsTo: conversation,
    addsBytes: isPlainText ? bodyBytes : null,
    references: document ? objectReferences(document.root) : [],
  };
}

/** `POST /files`: free; of a file for a batch it is found out what the batch may cost. */
export async function inspectFileUpload(parts: readonly Part[]): Promise<RequestFacts> {
  const facts: RequestFacts = { ...PLAIN_FACTS, model: '', outputCeiling: 0 };
  const purpose = parts
    .find((part) => part.name === 'purpose')
    ?.content.toString('utf8')
    .trim();
  const file = parts.find((part) => part.name === 'file' && part.filename !== null);
  if (purpose !== 'batch' || !file) return facts;
  const { plan, references } = await inspectBatchFile(file.content);
  return { ...facts, references, createdDetail: JSON.stringify(plan) };
}

/** `POST /batches`: its cost is bounded by what was found in the file that it is made of. */
export function inspectBatch(document: JsonDocument): RequestFacts {
  const batchFile = optionalText(document.root, 'input_file_id', 200);
  if (batchFile === null || batchFile === '') return failField('input_file_id', 'it is missing');
  return { ...PLAIN_FACTS, model: '', document, batchFile, references: [batchFile], outputCeiling: 0 };
}

/** `POST /containers`: a session of its memory's size. */
export function inspectContainer(document: JsonDocument): RequestFacts {
  const units = memoryUnits(document.root.get('memory_limit'));
  const tools = { webSearchCalls: 0, fileSearchCalls: 0, containerSessions: units };
  return {
    ...PLAIN_FACTS,
    model: '',
    document,
    references: objectReferences(document.root),
    outputCeiling: 0,
    byRule: usageOf({}),
    ruleIsExact: true,
    createdDetail: containerDetail(units),
    worst: { ...PLAIN_WORST, tools },
  };
}

/** `POST /vector_stores/{id}/search`: a fee for each query. */
export function inspectSearch(document: JsonDocument): RequestFacts {
  const query = document.root.get('query');
  if (!isText(query) && !(query instanceof JsonArray)) return failField('query', 'it must be a text');
  const searches = query instanceof JsonArray ? Math.max(1, query.items.length) : 1;
  const tools = { webSearchCalls: 0, fileSearchCalls: searches, containerSessions: 0 };
  return {
    ...PLAIN_FACTS,
    model: '',
    document,
    outputCeiling: 0,
    byRule: usageOf({}),
    ruleIsExact: true,
    worst: { ...PLAIN_WORST, tools },
  };
}
