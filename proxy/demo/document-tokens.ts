import { type FileStore, requireFile } from './file-store.ts';

/** A document is taken as one page for each 50 KB, and a page as its picture plus its text. */
const DOCUMENT_PAGE_BYTES = 50_000;
const DOCUMENT_PAGE_TOKENS = 850;

/** Tokens of a document that is sent as base64 or named by the id of a file; `param` is where the id stands. */
export function documentTokens(data: unknown, fileId: unknown, param: string, files: FileStore): number {
  if (typeof fileId === 'string') return pages(requireFile(files, fileId, param).bytes.length);
  return pages(typeof data === 'string' ? Math.floor((data.length * 3) / 4) : 0);
}

function pages(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / DOCUMENT_PAGE_BYTES)) * DOCUMENT_PAGE_TOKENS;
}
