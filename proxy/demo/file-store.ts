import { objectId } from './object-ids.ts';
import { createShelf } from './object-shelf.ts';
import { invalidRequest } from './openai-error.ts';
import type { Json } from './request-fields.ts';

export interface StoredFile {
  readonly id: string;
  readonly bytes: Buffer;
  /** In seconds. */
  readonly createdAt: number;
  readonly fileName: string;
  readonly purpose: string;
}

export interface FileStore {
  find(id: string): StoredFile | null;
  /** From the oldest to the newest. */
  all(): readonly StoredFile[];
  add(file: Omit<StoredFile, 'id'>): StoredFile;
  remove(id: string): boolean;
}

const MAX_FILES = 2000;
const MAX_TOTAL_BYTES = 512 * 1024 * 1024;

/** Keeps the newest files: at most 2,000, and at most 512 MB besides the newest one. */
export function createFileStore(): FileStore {
  let totalBytes = 0;
  const forget = (file: StoredFile): void => {
    totalBytes -= file.bytes.length;
  };
  const shelf = createShelf<StoredFile>(MAX_FILES, forget);
  const remove = (id: string): boolean => {
    const file = shelf.find(id);
    if (file) forget(file);
    return shelf.remove(id);
  };
  return {
    find: shelf.find,
    all: shelf.all,
    add: (fields) => {
      const file = { id: objectId('file-', 12), ...fields };
      shelf.add(file);
      totalBytes += file.bytes.length;
      for (const oldest of shelf.all()) {
        if (totalBytes <= MAX_TOTAL_BYTES || oldest === file) break;
        remove(oldest.id);
      }
      return file;
    },
    remove,
  };
}

export function fileObject(file: StoredFile): Json {
  return {
    object: 'file',
    id: file.id,
    purpose: file.purpose,
    filename: file.fileName,
    bytes: file.bytes.length,
    created_at: file.createdAt,
    expires_at: null,
    status: 'processed',
    status_details: null,
  };
}

/** A file that a request names; `param` is where. Throws OpenAiError (404). */
export function requireFile(files: FileStore, id: string, param: string): StoredFile {
  const file = files.find(id);
  if (file) return file;
  throw invalidRequest(`The file with id '${id}' was not found.`, param, 'file_not_found', 404);
}
