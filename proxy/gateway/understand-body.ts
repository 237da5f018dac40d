import type { IncomingMessage } from 'node:http';
import { readBody } from './body-reader.ts';
import type { Exchange } from './exchange.ts';
import { inspecting } from './inspect/fields.ts';
import {
  inspectImagesForm,
  inspectImagesJson,
  inspectSpeech,
  inspectTranscription,
} from './inspect/media-endpoints.ts';
import {
  inspectBatch,
  inspectContainer,
  inspectConversationItems,
  inspectFileUpload,
  inspectSearch,
} from './inspect/object-endpoints.ts';
import type { RequestFacts } from './inspect/request-facts.ts';
import { PLAIN_FACTS } from './inspect/request-facts.ts';
import {
  inspectChat,
  inspectCompact,
  inspectCompletions,
  inspectDecisions,
  inspectEmbeddings,
  inspectFree,
  inspectResponses,
} from './inspect/text-endpoints.ts';
import { type Part, parseMultipart } from './multipart.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';
import type { BodyKind, MeterKind } from './route.ts';
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
  if (route.body === 'optional-json' && !framing.hasBody) {
    useFacts(exchange, inspectDocument(exchange, null, 0), null, next);
    return;
  }
  const isForm = framing.mediaType === 'multipart/form-data';
  const isJson = framing.mediaType === 'application/json';
  if (!isExpected(route.body, isForm, isJson)) {
    const expected = route.body === 'multipart' ? 'multipart/form-data' : 'application/json';
    exchange.refuse(refuse('unsupported_media_type', { expected }));
    return;
  }
  readBody(exchange, expectsContinue, (body) => {
    exchange.whenReady(inspectBody(exchange, body, isForm), (facts) => {
      if (isRefusal(facts)) exchange.refuse(facts);
      else useFacts(exchange, facts, body, next);
    });
  });
}

function inspectBody(
  exchange: Exchange,
  body: Buffer,
  isForm: boolean,
): FactsOrRefusal | Promise<FactsOrRefusal> {
  if (exchange.route.body === 'any') return UNKNOWN_FACTS;
  return isForm ? inspectForm(exchange, body) : inspectJson(exchange, body);
}

/** Of a route that Tollgate does not know: nothing can be found out. */
const UNKNOWN_FACTS: RequestFacts = { ...PLAIN_FACTS, model: '', outputCeiling: 0 };

function isExpected(body: BodyKind, isForm: boolean, isJson: boolean): boolean {
  if (body === 'any') return true;
  if (body === 'multipart') return isForm;
  return body === 'json-or-multipart' ? isForm || isJson : isJson;
}

/** Names the end user inside the app for limits and reports; it goes before what the body says. */
const USER_HEADER = 'x-tollgate-user';
const MAX_USER_LENGTH = 512;

/** The end user that a header names, or null. */
export function endUserOf({ headers }: IncomingMessage): string | null | Refusal {
  const user = headers[USER_HEADER];
  if (typeof user !== 'string' || user === '') return null;
  return user.length <= MAX_USER_LENGTH
    ? user
    : refuse('malformed_request', { problem: `its ${USER_HEADER} header is too long` });
}

function useFacts(
  exchange: Exchange,
  facts: RequestFacts,
  body: Buffer | null,
  next: (understood: Understood) => void,
): void {
  const user = endUserOf(exchange.request);
  if (isRefusal(user)) {
    exchange.refuse(user);
    return;
  }
  const named = user === null ? facts : { ...facts, user };
  exchange.facts = named;
  next({ facts: named, body });
}

function inspectJson(exchange: Exchange, body: Buffer): FactsOrRefusal | Promise<FactsOrRefusal> {
  const inspect = (result: JsonResult): FactsOrRefusal => {
    if (!result.ok) return refuse('invalid_json', { problem: result.problem });
    return inspecting(() => inspectDocument(exchange, result.document, body.length));
  };
  const parsed = parseStrictJson(body);
  return parsed instanceof Promise ? parsed.then(inspect) : inspect(parsed);
}

type Inspect = (document: JsonDocument, bytes: number) => RequestFacts;

const METERED: Partial<Record<MeterKind, Inspect>> = {
  batch: (document) => inspectBatch(document),
  chat: inspectChat,
  compact: inspectCompact,
  completions: inspectCompletions,
  container: (document) => inspectContainer(document),
  decisions: inspectDecisions,
  embeddings: inspectEmbeddings,
  images: inspectImagesJson,
  responses: inspectResponses,
  search: (document) => inspectSearch(document),
  speech: inspectSpeech,
};

function inspectDocument(exchange: Exchange, document: JsonDocument | null, bytes: number): RequestFacts {
  const { route, pathIds } = exchange;
  const { access, creates, owned } = route;
  const inspect = access.kind === 'metered' ? METERED[access.meter] : undefined;
  if (inspect && document) return inspect(document, bytes);
  const addsItems = route.path.endsWith('/items') && owned?.[0] === 'conversation';
  if (creates === 'conversation' || addsItems) {
    return inspectConversationItems(document, bytes, addsItems ? (pathIds[0] ?? null) : null);
  }
  return inspectFree(document);
}

function inspectForm(exchange: Exchange, body: Buffer): FactsOrRefusal | Promise<FactsOrRefusal> {
  const result = parseMultipart(body, exchange.framing.contentType);
  if (!result.ok) return refuse('invalid_multipart', { problem: result.problem });
  const facts = inspecting(() => inspectParts(exchange, result.parts));
  return facts instanceof Promise ? inspectingLater(facts) : facts;
}

function inspectParts({ route }: Exchange, parts: readonly Part[]): RequestFacts | Promise<RequestFacts> {
  const { access, creates } = route;
  if (access.kind !== 'metered') return creates === 'file' ? inspectFileUpload(parts) : inspectFree(null);
  return access.meter === 'images' ? inspectImagesForm(parts) : inspectTranscription(parts);
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
