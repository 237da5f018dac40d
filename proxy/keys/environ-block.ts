import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';

/**
 * Deleting a variable from `process.env` keeps it from children, but on Linux the kernel goes on showing
 * the environment the process was started with: any program of the same user can read
 * /proc/PID/environ, and those programs are exactly whom the key is kept from. The block is ordinary
 * memory of this process, so its value can be overwritten through /proc/self/mem.
 *
 * Delete the variable from `process.env` first, so that nothing points at the bytes any more. Processes
 * that started this one keep their own copy; nothing can be done about those from here.
 *
 * Returns whether the block is free of the variable now; false where the platform keeps no such file or
 * the kernel does not let a process write to itself.
 */
export function wipeEnvironBlock(name: string): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const address = environAddress();
    if (address === null) return false;
    const block = readFileSync('/proc/self/environ');
    try {
      for (const { start, end } of valuesOf(block, name)) {
        if (!overwrite(address + start, block.subarray(start, end))) return false;
      }
      return true;
    } finally {
      block.fill(0);
    }
  } catch (error) {
    // A kernel or sandbox without /proc or with a read-only mem file: the caller is told by the result.
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** `env_start`, field 50 of /proc/self/stat (proc_pid_stat(5)); 0 when the kernel hides it. */
function environAddress(): number | null {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  // Field 2 is the command in parentheses and may hold anything, so count from behind it, at field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const address = Number(fields[50 - 3]);
  return Number.isSafeInteger(address) && address > 0 ? address : null;
}

function* valuesOf(block: Buffer, name: string): Generator<{ start: number; end: number }> {
  const prefix = Buffer.from(`${name}=`);
  for (let at = 0; at < block.length; ) {
    const stop = block.indexOf(0, at);
    const end = stop === -1 ? block.length : stop;
    if (block.subarray(at, at + prefix.length).equals(prefix) && end > at + prefix.length) {
      yield { start: at + prefix.length, end };
    }
    at = end + 1;
  }
}

/** Zeroes the bytes at an address of this process, only if they are what they are expected to be. */
function overwrite(address: number, expected: Buffer): boolean {
  const fd = openSync('/proc/self/mem', 'r+');
  const found = Buffer.alloc(expected.length);
  try {
    if (readSync(fd, found, 0, found.length, address) !== found.length) return false;
    if (!found.equals(expected)) return false;
    found.fill(0);
    return writeSync(fd, found, 0, found.length, address) === found.length;
  } finally {
    found.fill(0);
    closeSync(fd);
  }
}
