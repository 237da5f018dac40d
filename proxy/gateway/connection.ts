import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { App, LiveToken } from '../ledger/registry.ts';
import type { PeerCheck } from './peer-user.ts';

/** A request under way on a connection. */
interface Underway {
  clientLeft(): void;
}

/** Who a connection has authenticated as; a program sends the same header with each of its requests. */
export interface Remembered {
  readonly authorization: string;
  /** Of the registry, when it was looked up. */
  readonly version: number;
  readonly sender: { readonly app: App; readonly token: LiveToken };
}

/** What is learnt once about a client's connection and holds for all its requests. */
export class Connection {
  remembered: Remembered | null = null;
  lastResponse: ServerResponse | null = null;
  /** Requests that wait for the answers before theirs. */
  waiting = 0;
  #underway: Underway | null = null;
  #closed = false;
  #isOwnUser: boolean | Promise<boolean> | null = null;

  /** The request that is under way; there is one at a time. */
  get underway(): Underway | null {
    return this.#underway;
  }

  set underway(request: Underway | null) {
    this.#underway = request;
    // The client may have left while it was looked up who it is.
    if (this.#closed) request?.clientLeft();
  }

  close(): void {
    this.#closed = true;
    this.#underway?.clientLeft();
  }

  /** Whether the user who runs the engine is at the other end. */
  isOwnUser(socket: Socket, peers: PeerCheck): boolean | Promise<boolean> {
    if (this.#isOwnUser !== null) return this.#isOwnUser;
    const answer = peers.isOwnUser(socket);
    this.#isOwnUser = answer;
    if (answer instanceof Promise) {
      void answer.then((own) => {
        this.#isOwnUser = own;
      });
    }
    return answer;
  }
}

const connections = new WeakMap<Socket, Connection>();

/** The address at the other end: IPv4 as such, however the socket was opened. */
export function addressOf({ remoteAddress = '' }: Socket): string {
  return remoteAddress.replace(/^::ffff:/, '');
}

/** To be called for each connection a server accepts. */
export function openConnection(socket: Socket): void {
  const connection = new Connection();
  connections.set(socket, connection);
  socket.once('close', () => connection.close());
}

export function connectionOf(socket: Socket): Connection {
  const connection = connections.get(socket);
  if (!connection) throw new Error('the socket was not accepted here');
  return connection;
}
