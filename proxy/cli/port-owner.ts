import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

const LISTENING = '0A';

/**
 * Who listens on a TCP port, as ` by node (process 4242)`: from Linux's tables, as far as this user may
 * look; empty where that says nothing.
 */
export function describePortOwner(port: number): string {
  if (process.platform !== 'linux') return '';
  try {
    const inodes = inodesOf(port);
    const pid = inodes.size === 0 ? null : pidWith(inodes);
    if (pid === null) return '';
    const program = basename(readlinkSync(`/proc/${pid}/exe`)).slice(0, 40);
    return ` by ${program} (process ${pid})`;
  } catch (error) {
    // Without /proc, or the process has just ended: the port alone has to do.
    if (error instanceof Error && 'code' in error) return '';
    throw error;
  }
}

/** Columns: slot, local, remote, state, queues, timer, retransmits, uid, timeout, inode. */
function inodesOf(port: number): Set<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(table, 'latin1').split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      if (state === LISTENING && local.endsWith(suffix)) inodes.add(`socket:[${inode}]`);
    }
  }
  return inodes;
}

function pidWith(sockets: ReadonlySet<string>): string | null {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.find((pid) => linksOf(`/proc/${pid}/fd`).some((link) => sockets.has(link))) ?? null;
}

/** Of other users' processes nothing can be seen, and a process may end while it is looked at. */
function linksOf(dir: string): string[] {
  try {
    return readdirSync(dir).map((name) => linkOf(`${dir}/${name}`));
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
