/**
 * SQLite ends the replay of its write-ahead log at the first frame that does not add up, because that is
 * how a transaction looks that a power cut has torn. Damage in the middle looks the same, and everything
 * after it would be forgotten without a word: charges, and with them the caps they count against. What
 * tells the two apart is what follows the first bad frame. With `synchronous=FULL` at most one
 * transaction is unsynced at any time, so two complete ones behind a bad frame prove damage; so do
 * frames that belong to no generation of this log. Format: sqlite.org/fileformat2.html section 4.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const VERSION = 3_007_000;
/** "WAL" checksums over little-endian words; one more means big-endian ones. */
const MAGIC = 0x377f0682;
/** The log is folded into the ledger at 8 MB; one far beyond was kept open by a reader. */
const MAX_CHECKED_BYTES = 128 * 1024 * 1024;
/** Each restart of the log adds one to the first salt; older frames stay behind it in the file. */
const MAX_GENERATIONS = 1_000_000;

interface Sums {
  readonly first: number;
  readonly second: number;
}

/** What is wrong with a write-ahead log, or null when nothing durable was lost in it. */
export function findLogDamage(walPath: string): string | null {
  const fd = openSync(walPath, 'r');
  try {
    const bytes = fstatSync(fd).size;
    // Not even one frame: nothing was ever committed to it.
    if (bytes <= HEADER_BYTES) return null;
    const log = Buffer.alloc(Math.min(bytes, MAX_CHECKED_BYTES));
    for (let at = 0; at < log.length; ) {
      const read = readSync(fd, log, at, log.length - at, at);
      if (read === 0) break;
      at += read;
    }
    return findDamage(log);
  } finally {
    closeSync(fd);
  }
}

function findDamage(log: Buffer): string | null {
  const view = new DataView(log.buffer, log.byteOffset, log.length);
  const magic = view.getUint32(0);
  const littleEndian = magic === MAGIC;
  const pageBytes = view.getUint32(8);
  const isPowerOfTwo = pageBytes >= 512 && pageBytes <= 65_536 && (pageBytes & (pageBytes - 1)) === 0;
  const ours = (littleEndian || magic === MAGIC + 1) && view.getUint32(4) === VERSION && isPowerOfTwo;
  const headerSums = addUp(view, 0, 24, { first: 0, second: 0 }, littleEndian);
  if (!ours || !isSame(headerSums, storedSums(view, 24))) return 'the write-ahead log is not readable';

  const frameBytes = FRAME_HEADER_BYTES + pageBytes;
  const frames = Math.floor((log.length - HEADER_BYTES) / frameBytes);
  const startOf = (frame: number): number => HEADER_BYTES + frame * frameBytes;
  const isOfThisLog = (at: number): boolean =>
    view.getUint32(at + 8) === view.getUint32(16) && view.getUint32(at + 12) === view.getUint32(20);
  const continues = (at: number, before: Sums): boolean => {
    const head = addUp(view, at, 8, before, littleEndian);
    const sums = addUp(view, at + FRAME_HEADER_BYTES, pageBytes, head, littleEndian);
    return isOfThisLog(at) && isSame(sums, storedSums(view, at + 16));
  };

  let frame = 0;
  for (let before = headerSums; frame < frames; frame += 1) {
    const at = startOf(frame);
    if (!continues(at, before)) break;
    before = storedSums(view, at + 16);
  }

  let commits = 0;
  let strays = 0;
  let before: Sums | null = null;
  for (; frame < frames; frame += 1) {
    const at = startOf(frame);
    if (!isOfThisLog(at)) {
      before = null;
      strays += isStray(view, at) ? 1 : 0;
    } else {
      if (before === null || !continues(at, before)) commits = 0;
      commits += view.getUint32(at + 4) > 0 ? 1 : 0;
      before = storedSums(view, at + 16);
    }
    // A single stray header may be one that a power cut has torn.
    if (commits >= 2 || strays >= 2) return 'the write-ahead log has a gap';
  }
  return null;
}

/** A frame that is neither empty (a file extended but not filled) nor left over from an older generation. */
function isStray(view: DataView, at: number): boolean {
  const isEmpty = view.getUint32(at) === 0 && view.getUint32(at + 8) === 0;
  return !isEmpty && (view.getUint32(16) - view.getUint32(at + 8)) >>> 0 > MAX_GENERATIONS;
}

function addUp(view: DataView, from: number, bytes: number, before: Sums, littleEndian: boolean): Sums {
  let { first, second } = before;
  for (let at = from; at < from + bytes; at += 8) {
    first = (first + view.getUint32(at, littleEndian) + second) | 0;
    second = (second + view.getUint32(at + 4, littleEndian) + first) | 0;
  }
  return { first, second };
}

function storedSums(view: DataView, at: number): Sums {
  return { first: view.getInt32(at), second: view.getInt32(at + 4) };
}

function isSame(a: Sums, b: Sums): boolean {
  return a.first === b.first && a.second === b.second;
}
