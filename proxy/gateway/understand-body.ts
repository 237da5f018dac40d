import { readBody } from './body-reader.ts';
import type { Exchange } from './exchange.ts';
import { inspecting } from './inspect/fields.ts';
import {
  inspectImagesForm,
  inspectImagesJson,
  inspectSpeech,
  inspectTranscription,
} from './inspect/media-endpoints.ts';
import type { RequestFacts } from './inspect/request-facts.ts';
import {
  inspectChat,
  inspectCompletions,
  inspectEmbeddings,
  inspectFree,
  inspectResponses,
} from './inspect/text-endpoints.ts';
import { type Part, parseMultipart } from './multipart.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';
import type { MeterKind } from './routes.ts';
import { type JsonDocument, type JsonResult, parseStrictJson } from './strict-json.ts';

/** A request whose body was read and understood; `body` is null where the route takes none. */
export interface Understood {
  readonly facts: RequestFacts;
  readonly body: Buffer | null;
}

type FactsOrRefusal = RequestFacts | Refusal;

/**
 * Reads the body and finds out what the request may cost. Calls `next` with the facts, or refuses; calls
 * nothing when the client has left.
 */
export function understandBody(
  exchange: Exchange,
  expectsContinue: boolean,
  next: (understood: Understood) => void,
): void {
  const { framing, route } = exchange;
  if (route.body === 'none') {
    if (framing.hasBody) {
      exchange.refuse(refuse('malformed_request', { problem: `${framing.method} has a body` }));
      return;
    }
    useFacts(exchange, inspectFree(null), null, next);
    return;
  }
  const isForm = framing.mediaType === 'multipart/form-data';
  const isJson = framing.mediaType === 'application/json';
  if (!(route.body === 'json' ? isJson : route.body === 'multipart' ? isForm : isJson || isForm)) {
    const expected = route.body === 'multipart' ? 'multipart/form-data' : 'application/json';
    exchange.refuse(refuse('unsupported_media_type', { expected }));
    return;
  }
  readBody(exchange, expectsContinue, (body) => {
    exchange.whenReady(isForm ? inspectForm(exchange, body) : inspectJson(exchange, body), (facts) => {
      if (isRefusal(facts)) exchange.refuse(facts);
      else useFacts(exchange, facts, body, next);
    });
  });
}

/** Names the end user inside the app for limits and reports; it goes before what the body says. */
const USER_HEADER = 'x-tollgate-user';
const MAX_USER_LENGTH = 512;

function useFacts(
  exchange: Exchange,
  facts: RequestFacts,
  body: Buffer | null,
  next: (understood: Understood) => void,
): void {
  const user = exchange.request.headers[USER_HEADER];
  if (typeof user === 'string' && user.length > MAX_USER_LENGTH) {
    exchange.refuse(refuse('malformed_request', { problem: `its ${USER_HEADER} header is too long` }));
    return;
  }
  const named = typeof user === 'string' && user !== '' ? { ...facts, user } : facts;
  exchange.facts = named;
  next({ facts: named, body });
}

function inspectJson(exchange: Exchange, body: Buffer): FactsOrRefusal | Promise<FactsOrRefusal> {
  const { access } = exchange.route;
  const meter = access.kind === 'metered' ? access.meter : null;
  const inspect = (result: JsonResult): FactsOrRefusal => {
    if (!result.ok) return refuse('invalid_json', { problem: result.problem });
    return inspecting(() => inspectDocument(meter, result.document, body.length));
  };
  const parsed = parseStrictJson(body);
  return parsed instanceof Promise ? parsed.then(inspect) : inspect(parsed);
}

function inspectDocument(meter: MeterKind | null, document: JsonDocument, bytes: number): RequestFacts {
  switch (meter) {
    case 'chat':
      return inspectChat(document, bytes);
    case 'completions':
      return inspectCompletions(document, bytes);
    case 'responses':
      return inspectResponses(document, bytes);
    case 'embeddings':
      return inspectEmbeddings(document, bytes);
    case 'images':
      return inspectImagesJson(document, bytes);
    case 'speech':
      return inspectSpeech(document, bytes);
    default:
      return inspectFree(document);
  }
}

function inspectForm(exchange: Exchange, body: Buffer): FactsOrRefusal | Promise<FactsOrRefusal> {
  const result = parseMultipart(body, exchange.framing.contentType);
  if (!result.ok) return refuse('invalid_multipart', { problem: result.problem });
  const { access } = exchange.route;
  const read = (parts: readonly Part[]): RequestFacts | Promise<RequestFacts> =>
    access.kind === 'metered' && access.meter === 'images'
      ? inspectImagesForm(parts)
      : inspectTranscription(parts);
  const facts = inspecting(() => read(result.parts));
  return facts instanceof Promise ? inspectingLater(facts) : facts;
}

async function inspectingLater(facts: Promise<RequestFacts>): Promise<FactsOrRefusal> {
  const settled = await facts.then(
    (value) => () => value,
    (error: unknown) => (): RequestFacts => {
      throw error;
    },
  );
  return inspecting(settled);
}
