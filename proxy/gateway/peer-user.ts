import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** Says whether a connection comes from the user who runs the engine. */
export interface PeerCheck {
  /** Asked once for each connection; never rejects. */
  isOwnUser(socket: Socket): boolean | Promise<boolean>;
}

/** For platforms without a way to ask, and for those who switched the check off. */
export const noPeerCheck: PeerCheck = { isOwnUser: () => true };

const TCP_ESTABLISHED = '01';
/** `::ffff:` as the kernel prints the front of an address. */
const V4_MAPPED = '0000000000000000FFFF0000';
type Tables = readonly [v4: string, v6: string];

/**
 * On Linux the kernel tells the user of a loopback connection in /proc/net/tcp. Another user of the
 * machine who got hold of an app token is refused. Root is let through: it can read our memory anyway,
 * and container port forwarders run as root.
 *
 * The kernel walks its whole table of connections for each reading, which takes milliseconds on a large
 * machine. So it is read once for each connection, and connections that arrive during a reading share
 * the next one.
 */
export function linuxPeerCheck(ownUid: number): PeerCheck {
  const read = sharedReading();
  return {
    isOwnUser: (socket) =>
      read().then(
        (tables) => isUserIn(tables, socket, ownUid),
        // Where the tables cannot be read (some sandboxes), the token alone has to do.
        () => true,
      ),
  };
}

/** Readings that begin after they were asked for, one at a time. */
function sharedReading(): () => Promise<Tables> {
  let running: Promise<Tables> | null = null;
  let next: Promise<Tables> | null = null;
  const start = (): Promise<Tables> => {
    running = Promise.all([readFile('/proc/net/tcp', 'latin1'), readFile('/proc/net/tcp6', 'latin1')]);
    running.then(
      () => {
        running = null;
      },
      () => {
        running = null;
      },
    );
    return running;
  };
  return () => {
    if (!running) return start();
    next ??= running
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => {
        next = null;
        return start();
      });
    return next;
  };
}

function isUserIn([v4, v6]: Tables, socket: Socket, ownUid: number): boolean {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  if (!remoteAddress || !remotePort || !localAddress || !localPort) return false;
  // The client's row: its local end is our remote one.
  const remote = procAddress(remoteAddress);
  const local = procAddress(localAddress);
  const row = (prefix: string): string =>
    `${prefix}${remote}:${procPort(remotePort)} ${prefix}${local}:${procPort(localPort)}`;
  // A program with one socket for both families (Java) is in the second table even over IPv4.
  const uid = uidIn(v4, row('')) ?? uidIn(v6, row(remote.length === 8 ? V4_MAPPED : ''));
  return uid !== null && (uid === ownUid || uid === 0);
}

/** Columns: slot, local, remote, state, queues, timer, retransmits, uid, timeout, inode. */
function uidIn(table: string, wanted: string): number | null {
  const at = table.indexOf(`: ${wanted} `);
  if (at < 0) return null;
  const end = table.indexOf('\n', at);
  const columns = table
    .slice(at + 2, end < 0 ? undefined : end)
    .trim()
    .split(/\s+/);
  // A socket whose process has gone shows user 0 and inode 0: that is nobody.
  if (columns[2] !== TCP_ESTABLISHED || columns[8] === '0') return null;
  return Number(columns[6]);
}

function procPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

/** An address as the kernel prints it: 32-bit words, each in the byte order of the machine. */
function procAddress(address: string): string {
  const v4 = address.startsWith('::ffff:') ? address.slice(7) : address;
  if (v4.includes('.')) {
    return Buffer.from(v4.split('.').map(Number).reverse()).toString('hex').toUpperCase();
  }
  const words = expandV6(address);
  return words
    .map(([high, low]) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt16BE(high, 0);
      bytes.writeUInt16BE(low, 2);
      return bytes.reverse().toString('hex').toUpperCase();
    })
    .join('');
}

function expandV6(address: string): [number, number][] {
  const [head = '', tail = ''] = (address.split('%', 1)[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  const groups = [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
  return [0, 2, 4, 6].map((index) => [groups[index] ?? 0, groups[index + 1] ?? 0]);
}
