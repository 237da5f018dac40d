import type { ServerResponse } from 'node:http';
import { AppError, ERRORS, type ErrorCode, type ErrorDetails } from '../contract/errors.ts';
import { isCodex, quotaRefusalForCodex } from './codex-refusal.ts';
import { endAfterBody } from './discard-body.ts';

/** What only some refusals carry. */
export interface RefusalExtras {
  /** For `rate_limited` and the like: how long the client should wait. */
  readonly retryAfterMs?: number;
  /** For `quota_exceeded`: when the limit is empty again; null when never. */
  readonly resetsAtMs?: number | null;
  /** `error.param` of OpenAI's shape. */
  readonly param?: string;
  /** `error.type` where it depends on the case. */
  readonly type?: string;
  /** The limit or rule that refuses, such as `app usd=5/day`; for the ledger. */
  readonly rule?: string;
  /** `Allow` of a 405. */
  readonly allow?: readonly string[];
}

/** Why a request does not go on; an expected outcome, so a value and not an exception. */
export class Refusal {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly extras: RefusalExtras;

  constructor(code: ErrorCode, details: ErrorDetails, extras: RefusalExtras) {
    this.code = code;
    this.details = details;
    this.extras = extras;
  }
}

export function refuse(code: ErrorCode, details: ErrorDetails = {}, extras: RefusalExtras = {}): Refusal {
  return new Refusal(code, details, extras);
}

export function isRefusal(value: unknown): value is Refusal {
  return value instanceof Refusal;
}

const MAX_RETRY_AFTER_S = 60;

/** The answer to a refusal: OpenAI's error shape, marked as ours. `headers` has the `codexHeaders` too. */
export function renderRefusal(
  refusal: Refusal,
  requestId: string,
  forCodex = false,
): { status: number; headers: string[]; codexHeaders: readonly string[]; body: string } {
  const entry = ERRORS[refusal.code];
  const { message, hint } = new AppError(refusal.code, refusal.details);
  const text = `${message} ${hint}`;
  const codex =
    forCodex && refusal.code === 'quota_exceeded'
      ? quotaRefusalForCodex(text, refusal.extras.resetsAtMs ?? null)
      : null;
  const codexHeaders = codex?.headers ?? [];
  const body = JSON.stringify({
    error: {
      message: text,
      type: codex?.type ?? refusal.extras.type ?? entry.type ?? 'invalid_request_error',
      param: refusal.extras.param ?? null,
      code: entry.openaiCode ?? refusal.code,
      ...(codex?.resetsAt ? { resets_at: codex.resetsAt } : {}),
    },
  });
  const headers = [
    'content-type',
    'application/json',
    'content-length',
    String(Buffer.byteLength(body)),
    'cache-control',
    'no-store',
    'x-content-type-options',
    'nosniff',
    'cross-origin-resource-policy',
    'same-origin',
    'x-request-id',
    requestId,
    'x-tollgate-request-id',
    requestId,
    'x-tollgate-error',
    refusal.code,
    ...codexHeaders,
  ];
  if (entry.retry === 'never') headers.push('x-should-retry', 'false');
  if (entry.retry === 'later') {
    // Node's SDK ignores waits above a minute, Python's gives up above two.
    const waitMs = Math.min(Math.max(refusal.extras.retryAfterMs ?? 1000, 1), MAX_RETRY_AFTER_S * 1000);
    headers.push(
      'retry-after',
      String(Math.ceil(waitMs / 1000)),
      'retry-after-ms',
      String(Math.ceil(waitMs)),
    );
  }
  if (refusal.extras.allow) headers.push('allow', refusal.extras.allow.join(', '));
  return { status: entry.status, headers, codexHeaders, body };
}

/**
 * Sends a refusal when nothing was sent yet; returns the status. A body that nobody has read ends the
 * connection: what follows it on the wire could not be told from it.
 */
export function sendRefusal(
  response: ServerResponse,
  refusal: Refusal,
  requestId: string,
  extraHeaders: readonly string[] = [],
): number {
  const { req: request } = response;
  const { status, headers, body } = renderRefusal(refusal, requestId, isCodex(request.headers));
  response.sendDate = true;
  headers.push(...extraHeaders);
  const shown = request.method === 'HEAD' ? '' : body;
  if (request.complete) {
    response.writeHead(status, headers);
    response.end(shown);
  } else {
    headers.push('connection', 'close');
    response.writeHead(status, headers);
    if (shown === '') response.flushHeaders();
    else response.write(shown);
    endAfterBody(request, response);
  }
  return status;
}
