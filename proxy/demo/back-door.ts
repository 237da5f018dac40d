import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OpenBill } from './bill.ts';
import { type FaultTable, parseFaultRule } from './faults.ts';
import { picturePng } from './picture.ts';
import type { ReceivedLog } from './received-requests.ts';
import { isObject } from './request-fields.ts';

/*
 * What another process may ask of the simulation itself, under `/__`: the bill, the faults, the key and
 * what arrived. Without authentication, and therefore for loopback peers only.
 */
export interface BackDoorDeps {
  readonly bill: OpenBill;
  readonly faults: FaultTable;
  readonly received: ReceivedLog;
  setKey(key: string): void;
}

export function answerBackDoor(
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
  body: Buffer,
  deps: BackDoorDeps,
): void {
  const picture = /^\/__pictures\/(\d+)\.png$/.exec(path);
  if (!isLoopback(req.socket.remoteAddress ?? '')) send(res, 403, { error: 'loopback only' });
  else if (picture) res.writeHead(200, { 'content-type': 'image/png' }).end(picturePng(Number(picture[1])));
  else operateAndSend(res, `${req.method} ${path}`, body, deps);
}

function operateAndSend(res: ServerResponse, operation: string, body: Buffer, deps: BackDoorDeps): void {
  try {
    const answer = operate(operation, body, deps);
    send(res, answer === null ? 404 : 200, answer ?? { error: 'not found' });
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof SyntaxError)) throw cause;
    send(res, 400, { error: cause.message });
  }
}

function operate(operation: string, body: Buffer, deps: BackDoorDeps): unknown {
  switch (operation) {
    case 'GET /__bill':
      return { totalNanoUsd: deps.bill.totalNanoUsd(), rows: deps.bill.rows };
    case 'POST /__bill/reset':
      deps.bill.reset();
      return {};
    case 'POST /__faults':
      deps.faults.add(parseFaultRule(JSON.parse(body.toString('utf8'))));
      return {};
    case 'DELETE /__faults':
      deps.faults.clear();
      return {};
    case 'POST /__key': {
      const wish: unknown = JSON.parse(body.toString('utf8'));
      if (!isObject(wish) || typeof wish['key'] !== 'string') throw new TypeError('`key` is a string.');
      deps.setKey(wish['key']);
      return {};
    }
    case 'GET /__received':
      return {
        requests: deps.received.requests.map((each) => ({ ...each, body: each.body.toString('base64') })),
        frames: deps.received.frames,
      };
    default:
      return null;
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

function send(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
