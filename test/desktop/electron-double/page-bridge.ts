import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type PageHandler = (request: Request) => Response | Promise<Response>;

const PAGE_ORIGIN = 'app://tollgate';

/**
 * Lets a real browser, which knows no `app:`, talk to a protocol handler: each request arrives there as
 * the same request for `app://tollgate`, and the answer goes back with all its headers, piece by piece.
 * A browser that leaves cancels the body of the answer, as Electron does.
 */
export async function openPageBridge(scheme: string, handler: PageHandler): Promise<number> {
  if (scheme !== 'app') throw new Error(`the page has another scheme: ${scheme}`);
  const server = createServer((incoming, outgoing) => {
    pass(handler, incoming, outgoing).catch((error: unknown) => outgoing.destroy(asError(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return (server.address() as AddressInfo).port;
}

async function pass(
  handler: PageHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const answer = await handler(await toPageRequest(incoming));
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
  outgoing.flushHeaders();
  if (answer.headers.get('content-type')?.startsWith('text/javascript')) {
    // The page asks whether it is at the app's address; here the bridge's stands for it.
    const script = await answer.text();
    outgoing.end(script.replaceAll(PAGE_ORIGIN, `http://${incoming.headers.host ?? ''}`));
    return;
  }
  const reader = answer.body?.getReader();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) void reader?.cancel();
  });
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) break;
    outgoing.write(piece.value);
  }
  outgoing.end();
}

/** As Electron makes it: our origin for the bridge's, and the origin that has asked as a property. */
async function toPageRequest(incoming: IncomingMessage): Promise<Request> {
  const { method = 'GET', url = '/', headers, rawHeaders } = incoming;
  const bridgeOrigin = `http://${headers.host ?? ''}`;
  const list: [string, string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (!/^(host|connection|content-length|transfer-encoding)$/i.test(name)) {
      list.push([name, value === bridgeOrigin ? PAGE_ORIGIN : value]);
    }
  }
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const request = new Request(`${PAGE_ORIGIN}${url}`, {
    method,
    headers: list,
    ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
  });
  const { origin } = headers;
  if (origin !== undefined) {
    const initiatorOrigin = origin === bridgeOrigin ? PAGE_ORIGIN : origin;
    Object.defineProperty(request, 'initiatorOrigin', { value: initiatorOrigin });
  }
  return request;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
