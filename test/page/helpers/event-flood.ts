import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ControlEvent } from '../../../proxy/contract/events.ts';

export interface EventFlood {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** Events that were written so far. */
  readonly sent: () => number;
  close(): Promise<void>;
}

/**
 * Stands between the page and an engine: passes everything on, and answers the stream of events itself, as
 * fast as a test wants. The engine gathers its own to a few a second.
 */
export async function openEventFlood(
  engine: string,
  perSecond: number,
  next: (number: number) => ControlEvent,
): Promise<EventFlood> {
  const timers = new Set<NodeJS.Timeout>();
  let sent = 0;
  const flood = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const startMs = performance.now();
    let due = 0;
    const timer = setInterval(() => {
      // By the clock: a timer that comes late makes up for it.
      while (due < ((performance.now() - startMs) / 1_000) * perSecond) {
        due += 1;
        sent += 1;
        response.write(
          `event: message\nid: flood-${sent}\ndata: ${JSON.stringify({ json: next(sent) })}\n\n`,
        );
      }
    }, 1_000 / perSecond);
    timers.add(timer);
    response.once('close', () => clearInterval(timer));
  };
  const server = createServer((incoming, response) => {
    if (incoming.url === '/rpc/events/follow') flood(response);
    else pass(engine, incoming, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    sent: () => sent,
    async close() {
      for (const timer of timers) clearInterval(timer);
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The engine hears its own name, and no origin: to it this is a program of the user. */
function pass(engine: string, incoming: IncomingMessage, response: ServerResponse): void {
  const kept = Object.entries(incoming.headers).filter(
    ([name]) => !/^(host|origin|sec-|connection)/.test(name),
  );
  const onward = request(
    `${engine}${incoming.url ?? '/'}`,
    { method: incoming.method ?? 'GET', headers: Object.fromEntries(kept) },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.once('error', () => response.destroy());
  incoming.pipe(onward);
}
