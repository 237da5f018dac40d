import { connect, type Socket } from 'node:net';
import type { RawAnswer } from './raw-http.ts';

export interface WireAnswer extends RawAnswer {
  /** Names and values in turn, in order and case as sent. */
  readonly rawHeaders: readonly string[];
  /** Whether the other side ended the connection, or only its answer. */
  readonly closed: boolean;
}

export interface WireRequest {
  readonly method?: string;
  readonly target?: string;
  readonly version?: string;
  /** Instead of the one Host that is right. */
  readonly host?: string | null;
  /** Lines such as `Authorization: Bearer …`, in order. */
  readonly headers?: readonly string[];
  readonly body?: string;
  /** False leaves Content-Length to the headers given. */
  readonly countBody?: boolean;
}

/** The bytes of a request, one character each, with nothing put right. */
export function wireRequest(port: number, request: WireRequest): string {
  const { method = 'POST', target = '/v1/chat/completions', version = 'HTTP/1.1', body } = request;
  const host = request.host === undefined ? `127.0.0.1:${port}` : request.host;
  const lines = [`${method} ${target} ${version}`];
  if (host !== null) lines.push(`Host: ${host}`);
  lines.push(...(request.headers ?? []));
  if (body !== undefined && request.countBody !== false) {
    lines.push(`Content-Length: ${Buffer.byteLength(body, 'latin1')}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

export interface WireOptions {
  readonly address?: string;
  /** When to give up on an answer that does not come; then the status is 0. */
  readonly timeoutMs?: number;
  /** Waits for the end of the connection after the answer, for this long. */
  readonly untilClosedMs?: number;
}

/** Writes bytes to a port and resolves with the one answer, or with status 0 when none came. */
export function sendWire(
  port: number,
  bytes: string | Buffer,
  options: WireOptions = {},
): Promise<WireAnswer> {
  const { address = '127.0.0.1', timeoutMs = 5_000, untilClosedMs } = options;
  return new Promise((resolve) => {
    const socket = connect({ port, host: address });
    const isHead = bytes.slice(0, 5).toString() === 'HEAD ';
    let text = '';
    let closed = false;
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(parseWire(text, closed));
    };
    let timer = setTimeout(finish, timeoutMs);
    socket.on('connect', () =>
      socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    );
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (!isComplete(text, isHead)) return;
      if (untilClosedMs === undefined) {
        finish();
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(finish, untilClosedMs);
    });
    socket.on('end', () => {
      closed = true;
    });
    socket.on('close', finish);
    // A reset is an end like any other; what came before it counts.
    socket.on('error', () => {
      closed = true;
    });
  });
}

function isComplete(text: string, isHead: boolean): boolean {
  const { status, headers, body } = parseWire(text, false);
  if (status < 200) return false;
  if (isHead || status === 204 || status === 304) return true;
  const length = Number(headers['content-length'] ?? Number.NaN);
  return headers['transfer-encoding'] === 'chunked'
    ? body.endsWith('0\r\n\r\n')
    : Buffer.byteLength(body) >= length;
}

export function parseWire(text: string, closed: boolean): WireAnswer {
  // 100 Continue and its like come before the answer.
  const start = text.startsWith('HTTP/1.1 1') ? text.indexOf('HTTP/1.1 ', 1) : 0;
  const end = start < 0 ? -1 : text.indexOf('\r\n\r\n', start);
  if (end < 0) return { status: 0, headers: {}, rawHeaders: [], body: '', text, closed };
  const [line = '', ...fields] = text.slice(start, end).split('\r\n');
  const rawHeaders = fields.flatMap((field) => {
    const colon = field.indexOf(':');
    return [field.slice(0, colon), field.slice(colon + 1).trim()];
  });
  const headers: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers[(rawHeaders[index] ?? '').toLowerCase()] = rawHeaders[index + 1] ?? '';
  }
  const body = Buffer.from(text.slice(end + 4), 'latin1').toString('utf8');
  return { status: Number(line.split(' ')[1]), headers, rawHeaders, body, text, closed };
}

/** Resolves when a socket is closed, by a reset as well. */
export function untilClosed(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}
