import { chmodSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { AppError, problemOf } from '../contract/errors.ts';
import { createServer } from '../node-http.ts';
import type { ControlDeps } from './control-deps.ts';

/** No call carries more than a few kilobytes. */
const MAX_BODY_BYTES = 1024 * 1024;

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * The door for the command line and the desktop: a Unix socket that only this user can open, in a folder
 * that only this user can enter. What answers is loaded at the first call, because an engine that only
 * forwards requests has no use for it.
 *
 * @throws AppError `listen_failed`
 */
export async function openControlSocket(deps: ControlDeps, socketPath: string): Promise<Server> {
  let handle: Promise<Handle> | null = null;
  const server = createServer({ noDelay: true }, (request, response) => {
    handle ??= loadHandler(deps);
    handle
      .then((answer) => answer(request, response))
      .catch((error: unknown) => {
        deps.onError(error);
        response.destroy();
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new AppError(
          'listen_failed',
          { host: socketPath, port: 0, problem: problemOf(error) },
          { cause: error },
        ),
      );
    });
    server.listen(socketPath, resolve);
  });
  server.removeAllListeners('error');
  server.on('error', (error) => deps.onError(error));
  if (process.platform !== 'win32') chmodSync(socketPath, 0o600);
  return server;
}

async function loadHandler(deps: ControlDeps): Promise<Handle> {
  const [{ RPCHandler, BodyLimitPlugin }, { createControlRouter }] = await Promise.all([
    import('@orpc/server/node'),
    import('./control-router.ts'),
  ]);
  const handler = new RPCHandler(createControlRouter(deps), {
    plugins: [new BodyLimitPlugin({ maxBodySize: MAX_BODY_BYTES })],
  });
  return async (request, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { matched } = await handler.handle(request, response, {
      prefix: '/rpc',
      context: { signal: gone.signal },
    });
    if (!matched) response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
  };
}
