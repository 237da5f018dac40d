import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../contract/errors.ts';

/**
 * A small file that only this user may read, in a folder that only this user may change. What is read is
 * checked on the open file, so that nothing can be swapped between the check and the use. On Windows the
 * permissions of the user's profile folder do this work, and files have no mode.
 */
const POSIX = process.platform !== 'win32';
const MAX_BYTES = 65_536;
/** Not through a symlink, and without waiting should it be a FIFO. Windows has neither flag. */
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The contents, or null when there is no such file.
 * @throws AppError `home_unsafe`, `key_file_damaged`
 */
export async function readPrivateFile(filePath: string): Promise<Buffer | null> {
  let file: FileHandle;
  try {
    file = await open(filePath, READ);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    if (codeOf(error) === 'ELOOP') throw unsafe(filePath, 'is a symbolic link');
    throw unreadable(error);
  }
  try {
    const stats = await file.stat();
    refuseUnsafe(filePath, stats);
    if (stats.size > MAX_BYTES) throw new AppError('key_file_damaged', { problem: 'it is too large' });
    const bytes = Buffer.alloc(stats.size);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(error);
  } finally {
    await file.close();
  }
}

/**
 * Replaces the file as one step that survives a loss of power: a temporary file in the same folder,
 * synced, renamed over the old one, and the folder synced. The old contents stay until the very rename.
 * @throws AppError `home_unsafe`, `home_unwritable`
 */
export async function writePrivateFile(filePath: string, contents: Buffer): Promise<void> {
  await refuseUnsafeTarget(filePath);
  const temporary = `${temporaryPrefix(filePath)}${randomBytes(8).toString('hex')}.tmp`;
  try {
    try {
      // 'wx' never follows a link that somebody may have left under this name.
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(contents);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, filePath);
    } catch (error) {
      await unlinkIfThere(temporary);
      throw error;
    }
    await syncFolder(dirname(filePath));
  } catch (error) {
    throw unwritable(filePath, error);
  }
}

/**
 * Removes the file and what a crash in the middle of a write may have left of it. False when there was
 * none. A damaged or readable file is removed all the same.
 * @throws AppError `home_unsafe` when it is a symlink, `home_unwritable`
 */
export async function removePrivateFile(filePath: string): Promise<boolean> {
  try {
    const stats = await statOrNull(filePath);
    if (stats?.isSymbolicLink()) throw unsafe(filePath, 'is a symbolic link');
    const folder = dirname(filePath);
    const removed = stats !== null && (await unlinkIfThere(filePath));
    const leftover = basename(temporaryPrefix(filePath));
    for (const name of await namesIn(folder)) {
      if (name.startsWith(leftover) && name.endsWith('.tmp')) await unlinkIfThere(join(folder, name));
    }
    if (removed) await syncFolder(folder);
    return removed;
  } catch (error) {
    throw error instanceof AppError ? error : unwritable(filePath, error);
  }
}

function temporaryPrefix(filePath: string): string {
  return join(dirname(filePath), `.${basename(filePath)}.`);
}

async function refuseUnsafeTarget(filePath: string): Promise<void> {
  try {
    const folder = await stat(dirname(filePath));
    if (POSIX && (folder.mode & 0o022) !== 0) throw unsafe(dirname(filePath), 'can be changed by others');
    if (POSIX && !isOurs(folder)) throw unsafe(dirname(filePath), 'belongs to another user');
    const target = await statOrNull(filePath);
    if (target !== null) refuseUnsafe(filePath, target);
  } catch (error) {
    throw error instanceof AppError ? error : unwritable(filePath, error);
  }
}

function refuseUnsafe(filePath: string, stats: Stats): void {
  if (stats.isSymbolicLink()) throw unsafe(filePath, 'is a symbolic link');
  if (!stats.isFile()) throw unsafe(filePath, 'is not a regular file');
  if (!POSIX) return;
  if (!isOurs(stats)) throw unsafe(filePath, 'belongs to another user');
  if ((stats.mode & 0o077) !== 0) throw unsafe(filePath, 'can be read or changed by others');
}

function isOurs(stats: Stats): boolean {
  return stats.uid === process.getuid?.();
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function unlinkIfThere(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Makes the rename or removal itself durable. Windows cannot open folders and needs no such step. */
async function syncFolder(folder: string): Promise<void> {
  if (!POSIX) return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function unsafe(path: string, what: string): AppError {
  return new AppError('home_unsafe', { problem: `${path} ${what}` });
}

function unwritable(filePath: string, error: unknown): AppError {
  return new AppError(
    'home_unwritable',
    { path: dirname(filePath), problem: String(codeOf(error)) },
    { cause: error },
  );
}

function unreadable(error: unknown): AppError {
  return new AppError(
    'key_file_damaged',
    { problem: `reading it fails with ${codeOf(error)}` },
    { cause: error },
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : 'an unknown error';
}
