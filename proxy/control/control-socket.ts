import { chmodSync } from 'node:fs';
import type { Server } from 'node:http';
import { AppError, problemOf } from '../contract/errors.ts';
import { createServer } from '../node-http.ts';
import type { ControlDeps } from './control-deps.ts';
import { type ControlDoor, openControlDoor } from './control-door.ts';

/**
 * The door for the command line and the desktop: a Unix socket that only this user can open, in a folder
 * that only this user can enter. What answers is loaded at the first call, because an engine that only
 * forwards requests has no use for it.
 *
 * @throws AppError `listen_failed`
 */
export async function openControlSocket(deps: ControlDeps, socketPath: string): Promise<Server> {
  let door: Promise<ControlDoor> | null = null;
  const server = createServer({ noDelay: true }, (request, response) => {
    door ??= openControlDoor(deps);
    door
      .then((answer) => answer(request, response, { door: 'local', sessionId: null }))
      .then((matched) => {
        if (!matched) response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
      })
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
