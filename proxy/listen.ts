import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError, problemOf } from './contract/errors.ts';

const PORT_TRIES = 5;

export interface ListenOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The option that chooses the port, for the hint. */
  readonly flag: string;
}

/** Every name of this machine's loopback, and the addresses to listen on; only the first one must exist. */
const LOOPBACK: Readonly<Record<string, readonly [first: string, second: string]>> = {
  '127.0.0.1': ['127.0.0.1', '::1'],
  localhost: ['127.0.0.1', '::1'],
  '::1': ['::1', '127.0.0.1'],
};

/**
 * Listens on 127.0.0.1 and, on the same port, on ::1: programs that dial `localhost` may try either one
 * first, and whoever held the port on the other would receive their app tokens. Never moves to another
 * port than the one asked for.
 *
 * @param createServer makes a server for each address
 * @returns the servers, and the port they share; the caller closes them
 * @throws AppError `port_in_use` or `listen_failed`
 */
export async function listenLoopback(
  createServer: () => Server,
  options: ListenOptions,
): Promise<{ servers: Server[]; port: number }> {
  const [firstHost, secondHost] = LOOPBACK[options.host] ?? [options.host, null];
  for (let attempt = 1; ; attempt += 1) {
    const first = createServer();
    const port = await listenOn(first, firstHost, options.port, options.flag);
    if (secondHost === null) return { servers: [first], port };
    try {
      const second = await listenIfPresent(createServer, secondHost, port, options.flag);
      return { servers: second ? [first, second] : [first], port };
    } catch (error) {
      first.close();
      // With a port of our own choice another one does as well.
      if (options.port !== 0 || attempt >= PORT_TRIES) throw error;
    }
  }
}

async function listenIfPresent(
  createServer: () => Server,
  host: string,
  port: number,
  flag: string,
): Promise<Server | null> {
  const server = createServer();
  try {
    await listenOn(server, host, port, flag);
    return server;
  } catch (error) {
    if (error instanceof AppError && error.code === 'listen_failed' && isAbsent(error.cause)) return null;
    throw error;
  }
}

/** On a machine or container without IPv6 nobody else can be on ::1 either. */
function isAbsent(cause: unknown): boolean {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' || code === 'EINVAL';
}

function listenOn(server: Server, host: string, port: number, flag: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'EADDRINUSE' ? 'port_in_use' : 'listen_failed';
      reject(
        new AppError(code, { host, port, flag, owner: '', problem: problemOf(error) }, { cause: error }),
      );
    });
    server.listen({ host, port, ipv6Only: host === '::1', exclusive: true }, () => {
      server.removeAllListeners('error');
      // A connection that could not be accepted (out of descriptors) is that client's loss alone.
      server.on('error', () => undefined);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Stops accepting, and closes what is idle at once. */
export function stopListening(servers: readonly Server[]): void {
  for (const server of servers) {
    server.close();
    server.closeIdleConnections();
  }
}
