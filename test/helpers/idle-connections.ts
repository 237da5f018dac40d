import { connect, type Socket } from 'node:net';
import { untilClosed } from './wire.ts';

/** Connections that have sent `start` and then do nothing, until they are closed. */
export interface IdleConnections {
  /** How many the other side has not closed. */
  open(): number;
  close(): Promise<void>;
}

/** Opens them a hundred at a time; those that are refused count as closed. */
export async function openIdleConnections(port: number, count: number, start = ''): Promise<IdleConnections> {
  const sockets: Socket[] = [];
  const open = new Set<Socket>();
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(100, count - sockets.length) }, () => {
      const socket = connect({ port, host: '127.0.0.1' });
      open.add(socket);
      socket.on('error', () => open.delete(socket));
      socket.on('close', () => open.delete(socket));
      socket.resume();
      return socket;
    });
    sockets.push(...batch);
    await Promise.all(batch.map((socket) => Promise.race([connected(socket), untilClosed(socket)])));
    if (start !== '') for (const socket of batch) if (!socket.destroyed) socket.write(start);
  }
  return {
    open: () => open.size,
    async close() {
      const left = sockets.filter((socket) => !socket.closed);
      const closing = left.map(untilClosed);
      for (const socket of left) socket.destroy();
      await Promise.all(closing);
    },
  };
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('connect', () => resolve());
  });
}
