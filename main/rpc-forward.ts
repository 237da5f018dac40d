import { fetchOverSocket } from '../proxy/client.ts';
import { AppError, problemOf } from '../proxy/contract/errors.ts';

/** No call of the contract is larger. */
const MAX_BODY_BYTES = 1024 * 1024;
/** What a call consists of; anything else of the page stays here. */
const PASSED_ON = ['content-type', 'accept', 'last-event-id'] as const;
const PASSED_BACK = ['content-type'] as const;

/**
 * Passes a call of the page on to the engine's control socket and its answer back, piece by piece as it
 * comes. When the page no longer reads, the connection to the engine ends with it.
 */
export async function forwardToEngine(request: Request, socketPath: string): Promise<Response> {
  const body = await readBody(request);
  if (body === null) return rpcError(new AppError('body_too_large', { maxMb: 1 }));
  const { pathname, search } = new URL(request.url);
  const call = new Request(`http://control.local${pathname}${search}`, {
    method: request.method,
    headers: pick(request.headers, PASSED_ON),
    ...(request.method === 'GET' ? {} : { body }),
  });
  try {
    const answer = await fetchOverSocket(socketPath, call, request.signal);
    return new Response(answer.body, {
      status: answer.status,
      headers: { ...pick(answer.headers, PASSED_BACK), 'cache-control': 'no-store', ...NO_SNIFF },
    });
  } catch (error) {
    if (request.signal.aborted) throw error;
    return rpcError(new AppError('engine_not_running', {}, { cause: problemOf(error) }));
  }
}

const NO_SNIFF = { 'x-content-type-options': 'nosniff' } as const;

/** An error of the table in the shape that the contract's client understands. */
export function rpcError({ code, status, message, hint, details }: AppError): Response {
  const json = { defined: true, code, status, message, data: { hint, details } };
  return Response.json({ json, meta: [] }, { status, headers: { 'cache-control': 'no-store', ...NO_SNIFF } });
}

/** Null when it is too large; a client that lies about its length is stopped as well. */
async function readBody(request: Request): Promise<Buffer<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function pick(headers: Headers, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value] as const];
    }),
  );
}
