import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { type Fault, findFault } from './faults.ts';
import type { EventSink } from './generation-walk.ts';
import { falsifyUsage } from './usage-fault.ts';

/** One WebSocket on its way out, with the faults it suffers. Several generations may use it at once. */
export interface SocketLine {
  /** `gone`: the client left. `broken`: a fault ended it; nothing more is sent, though it may stay open. */
  readonly state: EventSink['state'];
  /** Sends one event; `usage` is the block in it that a fault may falsify. */
  send(text: string, usage?: unknown): void;
  /** Resolves when the client has read what was sent. */
  flush(): void | Promise<void>;
  /** Resolves after `ms`, or as soon as the line is not open any more. */
  sleep(ms: number): Promise<void>;
  close(code: number, reason: string): void;
}

interface Break {
  readonly events: number;
  readonly how: 'reset' | 'close' | 'hang';
  readonly code: number;
}

/** A reset discards what the peer has not read; this long it has time to read what came before. */
const BEFORE_RESET_MS = 20;
/** The server met an unexpected condition. */
const DEFAULT_CLOSE_CODE = 1011;

export function createSocketLine(ws: WebSocket, socket: Socket, faults: readonly Fault[]): SocketLine {
  const wakers = new Set<() => void>();
  const breaks = readBreak(faults);
  const usageFault = findFault(faults, 'socket-usage');
  let isBroken = false;
  let isGone = false;
  let sent = 0;
  const wakeAll = (): void => {
    for (const wake of wakers) wake();
  };
  const leave = (): void => {
    isGone = true;
    wakeAll();
  };
  // The socket is the first to know, and what it cuts off is billed before the simulation has closed.
  socket.once('close', leave);
  ws.once('close', leave);
  // Whatever goes wrong with a connection, it closes after this.
  ws.on('error', () => undefined);

  const breakIfDue = (): void => {
    if (breaks === null || isBroken || sent < breaks.events) return;
    isBroken = true;
    if (breaks.how === 'close') ws.close(breaks.code, 'injected');
    else if (breaks.how === 'reset') setTimeout(() => socket.resetAndDestroy(), BEFORE_RESET_MS).unref();
    wakeAll();
  };
  const line: SocketLine = {
    get state() {
      if (isBroken) return 'broken';
      return isGone || ws.readyState !== ws.OPEN ? 'gone' : 'open';
    },
    send: (text, usage = null) => {
      for (const each of usageFault ? falsifyUsage(text, usage, usageFault.as) : [text]) {
        if (line.state !== 'open') return;
        ws.send(each);
        sent += 1;
        breakIfDue();
      }
    },
    flush: () => {
      if (line.state !== 'open' || !socket.writableNeedDrain) return;
      return new Promise((resolve) => {
        const wake = (): void => {
          socket.off('drain', wake);
          wakers.delete(wake);
          resolve();
        };
        socket.once('drain', wake);
        wakers.add(wake);
      });
    },
    sleep: (ms) => {
      if (line.state !== 'open' || ms <= 0) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          wakers.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        wakers.add(wake);
      });
    },
    close: (code, reason) => ws.close(code, reason),
  };
  breakIfDue();
  return line;
}

function readBreak(faults: readonly Fault[]): Break | null {
  for (const fault of faults) {
    switch (fault.kind) {
      case 'socket-reset-after-events':
        return { events: fault.events, how: 'reset', code: 0 };
      case 'socket-close-after-events':
        return { events: fault.events, how: 'close', code: fault.code ?? DEFAULT_CLOSE_CODE };
      case 'socket-hang-after-events':
        return { events: fault.events, how: 'hang', code: 0 };
      default:
    }
  }
  return null;
}
