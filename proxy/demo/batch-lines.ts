import type { BatchLine } from './batch-input.ts';
import { callCostNanoUsd } from './call-cost.ts';
import { createChatCompletion } from './chat.ts';
import { createCompletion } from './completions.ts';
import { createEmbeddings } from './embeddings.ts';
import type { WholeAnswer } from './generation.ts';
import { createModeration } from './moderations.ts';
import { objectId } from './object-ids.ts';
import { internalError, invalidRequest, OpenAiError } from './openai-error.ts';
import type { Json } from './request-fields.ts';
import { createResponse } from './responses.ts';
import type { Call, Route, Simulation } from './simulation.ts';

/** What a batch can be made of, by the code that answers the same requests directly. */
const ROUTES: Readonly<Record<string, Route>> = {
  '/v1/responses': createResponse,
  '/v1/chat/completions': createChatCompletion,
  '/v1/completions': createCompletion,
  '/v1/embeddings': createEmbeddings,
  '/v1/moderations': createModeration,
};

export const BATCH_ENDPOINTS: readonly string[] = Object.keys(ROUTES);

/** What became of one line: a line of the output file, or of the error file. */
export interface LineResult {
  readonly output: Json;
  readonly isFailed: boolean;
  /** Null where the endpoint reports none. */
  readonly usage: unknown;
  /** Rounded up, as of any call. */
  readonly costNanoUsd: number;
  readonly isFree: boolean;
}

export function runLine(
  line: BatchLine,
  endpoint: string,
  answerAs: Call['answerAs'],
  simulation: Simulation,
): LineResult {
  try {
    const { body, charge } = answerLine(line, endpoint, answerAs, simulation);
    return {
      output: outputLine(line, 200, JSON.parse(body.toString())),
      isFailed: false,
      usage: charge?.usage ?? null,
      costNanoUsd: charge ? callCostNanoUsd(charge.parts, simulation.catalog.fees) : 0,
      isFree: charge === null,
    };
  } catch (cause) {
    const { status, body } = cause instanceof OpenAiError ? cause : internalError(cause);
    const output = outputLine(line, status, { error: body });
    return { output, isFailed: true, usage: null, costNanoUsd: 0, isFree: true };
  }
}

function answerLine(
  { body }: BatchLine,
  endpoint: string,
  answerAs: Call['answerAs'],
  simulation: Simulation,
): WholeAnswer {
  for (const mode of ['stream', 'background']) {
    if (body[mode] === true)
      throw invalidRequest(`'${mode}' is not supported in a batch.`, mode, 'unsupported_value');
  }
  const call: Call = {
    ids: [],
    query: new URLSearchParams(),
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify(body)),
    answerAs,
    origin: '',
    held: null,
    isBatched: true,
  };
  const answer = ROUTES[endpoint]?.(call, simulation);
  if (answer?.kind !== 'whole') throw new TypeError(`${endpoint} gives no whole answer.`);
  return answer;
}

/** A line whose turn did not come in time. */
export function expiredLine({ customId }: BatchLine): LineResult {
  const message = 'This request could not be executed before the completion window expired.';
  const error = { code: 'batch_expired', message };
  const output = { id: objectId('batch_req_'), custom_id: customId, response: null, error };
  return { output, isFailed: true, usage: null, costNanoUsd: 0, isFree: true };
}

function outputLine(line: BatchLine, status: number, body: unknown): Json {
  return {
    id: objectId('batch_req_'),
    custom_id: line.customId,
    response: { status_code: status, request_id: objectId('req_'), body },
    error: null,
  };
}
