import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerBackDoor, type BackDoorDeps } from './back-door.ts';
import { type DeliveryDeps, deliverAnswer } from './deliver-answer.ts';
import { faultRefusal } from './fault-refusal.ts';
import { findFault } from './faults.ts';
import type { Answer } from './generation.ts';
import {
  internalError,
  invalidRequest,
  missingKey,
  OpenAiError,
  unknownUrl,
  wrongKey,
} from './openai-error.ts';
import { createReply, type Reply, writeWhole } from './reply.ts';
import type { BodyKind } from './route-entry.ts';
import { findRoutes } from './route-table.ts';
import type { Simulation } from './simulation.ts';

export interface ExchangeDeps extends DeliveryDeps, BackDoorDeps {
  readonly simulation: Simulation;
  key(): string;
  origin(): string;
}

/** The way of one request, from its first byte to its bill. Never rejects. */
export function handleRequest(req: IncomingMessage, res: ServerResponse, deps: ExchangeDeps): void {
  const startedAtMs = performance.now();
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    const url = req.url ?? '/';
    const method = req.method ?? 'GET';
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    if (path.startsWith('/__')) return answerBackDoor(req, res, path, body, deps);
    deps.received.add({ method, path: url, rawHeaders: req.rawHeaders, body });
    const reply = createReply(
      res,
      deps.faults.take(path),
      `req_${randomUUID().replaceAll('-', '')}`,
      startedAtMs,
    );
    const answering = answer(req, reply, path, url.slice(path.length + 1), body, deps);
    // A failure of the simulation itself ends the connection: the client must not hang, nor be told it was OpenAI's.
    answering?.catch((cause: unknown) =>
      res.destroy(cause instanceof Error ? cause : new Error(String(cause))),
    );
  });
}

function answer(
  req: IncomingMessage,
  reply: Reply,
  path: string,
  query: string,
  body: Buffer,
  deps: ExchangeDeps,
): Promise<void> | undefined {
  const refusal = faultRefusal(reply.faults);
  if (refusal) {
    const contentType = refusal.body.startsWith('<') ? 'text/html' : 'application/json';
    writeWhole(reply, refusal.status, contentType, refusal.body, refusal.headers);
    return undefined;
  }
  try {
    return deliverAnswer(route(req, reply, path, query, body, deps), reply, path, deps) ?? undefined;
  } catch (cause) {
    const error = cause instanceof OpenAiError ? cause : internalError(cause);
    writeWhole(reply, error.status, 'application/json', JSON.stringify({ error: error.body }), error.headers);
    return undefined;
  }
}

function route(
  req: IncomingMessage,
  reply: Reply,
  path: string,
  query: string,
  body: Buffer,
  deps: ExchangeDeps,
): Answer {
  authenticate(req.headers.authorization, findFault(reply.faults, 'unauthorized') ? null : deps.key());
  const method = req.method === 'HEAD' ? 'GET' : (req.method ?? 'GET');
  const found = findRoutes(path);
  if (!found) throw unknownUrl(method, path);
  const entry = found.entries.find((each) => each.method === method);
  if (!entry) {
    const allowed = found.entries.map((each) => each.method).join(', ');
    const refused = invalidRequest(
      `Only ${allowed} requests are accepted.`,
      null,
      'method_not_supported',
      405,
    );
    throw new OpenAiError(405, refused.body, { allow: allowed });
  }
  const contentType = req.headers['content-type'] ?? '';
  checkContentType(entry.body, contentType);
  return entry.route(
    {
      ids: found.ids,
      query: new URLSearchParams(query),
      contentType,
      body,
      answerAs: {
        model: findFault(reply.faults, 'response-model')?.model ?? null,
        serviceTier: findFault(reply.faults, 'service-tier')?.tier ?? null,
      },
      origin: deps.origin(),
      held: null,
      isBatched: false,
    },
    deps.simulation,
  );
}

/** `key` is null where no key is good enough. Throws OpenAiError (401). */
export function authenticate(authorization: string | undefined, key: string | null): void {
  const given = /^Bearer\s+(.+)$/i.exec(authorization ?? '')?.[1];
  if (given === undefined) throw missingKey();
  if (given !== key) throw wrongKey(given);
}

function checkContentType(kind: BodyKind, contentType: string): void {
  if (kind === 'none') return;
  const isJson = /^application\/(?:[\w.-]+\+)?json\b/i.test(contentType);
  const isMultipart = /^multipart\/form-data\b/i.test(contentType);
  if ((isJson && kind !== 'multipart') || (isMultipart && kind !== 'json')) return;
  const expected = kind === 'json' ? 'application/json' : 'multipart/form-data';
  throw invalidRequest(
    `Unsupported content type: '${contentType}'. This API method only accepts '${expected}' requests, but you specified the header 'Content-Type: ${contentType}'. Please try again with a supported content type.`,
    null,
    'unsupported_content_type',
    415,
  );
}
