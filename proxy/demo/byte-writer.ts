import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { createGzip, constants as zlib } from 'node:zlib';
import { findFault } from './faults.ts';
import type { Reply } from './reply.ts';

/** How a broken upstream puts bytes on the wire: headers, body, and the several ways to end. */
export interface ByteWriter {
  open(status: number, contentType: string, length: number | null): Promise<void>;
  write(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
  /** Ends the connection with what was written so far: RST, or FIN without the end of the message. */
  breakOff(how: 'reset' | 'fin'): Promise<void>;
}

/** A reset discards what the peer has not read; this long it has time to read what came before. */
const BEFORE_RESET_MS = 20;
const DEFAULT_HUGE_HEADER_BYTES = 64 * 1024;

export function createByteWriter(reply: Reply): ByteWriter {
  const { res, faults } = reply;
  const gzip = findFault(faults, 'gzip') ? createGzip() : null;
  gzip?.on('data', (chunk: Buffer) => res.write(chunk));
  const trailers = findFault(faults, 'trailers');

  const writePlain = async (bytes: Buffer): Promise<void> => {
    const { size, pause } = pieces(reply);
    for (let at = 0; at < bytes.length && !reply.isGone; at += size) {
      res.write(bytes.subarray(at, at + size));
      if (pause !== null) await pause();
    }
  };

  return {
    open: async (status, contentType, length) => {
      if (findFault(faults, 'early-hints')) {
        await new Promise<void>((resolve) => {
          res.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' }, resolve);
        });
      }
      const headers = reply.headers(contentType);
      if (gzip) headers.push('content-encoding', 'gzip');
      else if (length !== null && !trailers) headers.push('content-length', String(length));
      if (trailers) headers.push('trailer', 'x-trailing, authorization');
      const huge = findFault(faults, 'huge-header');
      if (huge) headers.push('x-huge', 'h'.repeat(huge.bytes ?? DEFAULT_HUGE_HEADER_BYTES));
      res.writeHead(status, headers);
      res.flushHeaders();
    },
    write: async (bytes) => {
      if (reply.isGone) return;
      if (!gzip) return writePlain(bytes);
      gzip.write(bytes);
      await new Promise<void>((resolve) => {
        gzip.flush(zlib.Z_SYNC_FLUSH, resolve);
      });
    },
    end: async () => {
      if (reply.isGone) return;
      if (gzip) {
        const ended = new Promise<void>((resolve) => {
          gzip.once('end', resolve);
        });
        gzip.end();
        await ended;
      }
      if (trailers) res.addTrailers({ 'x-trailing': 'late', authorization: 'Bearer trailing' });
      res.end();
    },
    breakOff: async (how) => {
      await delay(BEFORE_RESET_MS);
      if (how === 'reset') res.socket?.resetAndDestroy();
      else res.socket?.destroySoon();
    },
  };
}

/** Size of the pieces in which bytes leave, and the pause after each; null where they leave in one. */
function pieces(reply: Reply): { size: number; pause: (() => Promise<unknown>) | null } {
  const trickle = findFault(reply.faults, 'trickle');
  if (trickle) return { size: trickle.bytes ?? 1, pause: () => reply.sleep(trickle.everyMs ?? 10) };
  const split = findFault(reply.faults, 'split');
  // Seven is coprime to every line and character length, so that each place is cut sooner or later.
  if (split) return { size: split.bytes ?? 7, pause: () => nextTurn() };
  return { size: Infinity, pause: null };
}
