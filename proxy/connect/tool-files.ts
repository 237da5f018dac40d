import { hash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError, problemOf } from '../contract/errors.ts';
import type { Filling, ToolEntry, ToolFile } from './tool-entry.ts';

/** What was written for a tool: tells our file from one that somebody has changed since. */
export interface WrittenFile {
  readonly path: string;
  readonly sha256: string;
  /** Whether there was a file before, which is in the backup. */
  readonly hadFile: boolean;
}

export interface PlannedChange {
  readonly path: string;
  /** Null when there is no file yet. */
  readonly before: string | null;
  readonly after: string;
}

const BLOCK_BEGIN = '# >>> tollgate';
const BLOCK_END = '# <<< tollgate';
const MAX_FILE_BYTES = 1024 * 1024;

export const backupPath = (path: string): string => `${path}.before-tollgate`;

export type FileState = 'absent' | 'written' | 'foreign';

export function fileState(path: string, written: WrittenFile | null): FileState {
  if (!existsSync(path)) return 'absent';
  const isOurs = written?.path === path && hash('sha256', readFileSync(path)) === written.sha256;
  return isOurs ? 'written' : 'foreign';
}

/** What the file would be. @throws AppError `tool_file_failed` for a file that cannot be joined with ours */
export function planChange(tool: ToolEntry, file: ToolFile, home: string, filling: Filling): PlannedChange {
  const path = file.path(home);
  const before = readText(tool, path);
  const content = file.content(filling);
  return { path, before, after: before === null ? fresh(file, content) : merge(tool, file, before, content) };
}

/** Writes it, after the file that was there has become the backup; the first backup stays. */
export function writeToolFile(
  tool: ToolEntry,
  file: ToolFile,
  { path, before, after }: PlannedChange,
  written: WrittenFile | null,
): { readonly record: WrittenFile; readonly backup: string | null } {
  const state = fileState(path, written);
  const backup = backupPath(path);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const mode = file.holdsToken ? 0o600 : before === null ? 0o600 : lstatSync(path).mode & 0o777;
    if (state === 'foreign' && before !== null) writeFileSync(backup, before, { mode: 0o600 });
    const draft = `${path}.${process.pid}.tollgate`;
    writeFileSync(draft, after, { mode });
    renameSync(draft, path);
  } catch (error) {
    throw failed(tool, problemOf(error), error);
  }
  const hadFile = state === 'foreign' || (state === 'written' && (written?.hadFile ?? false));
  return {
    record: { path, sha256: hash('sha256', after), hadFile },
    backup: hadFile ? backup : null,
  };
}

/** Puts the backup back, or removes the file where there was none. @throws AppError `tool_file_failed` */
export function restoreToolFile(tool: ToolEntry, written: WrittenFile): PlannedChange {
  const { path, hadFile } = written;
  if (fileState(path, written) === 'foreign')
    throw failed(tool, 'it was changed since Tollgate has written it');
  const before = readText(tool, path);
  try {
    if (hadFile) {
      renameSync(backupPath(path), path);
      return { path, before, after: readFileSync(path, 'utf8') };
    }
    rmSync(path, { force: true });
    return { path, before, after: '' };
  } catch (error) {
    throw failed(tool, problemOf(error), error);
  }
}

function readText(tool: ToolEntry, path: string): string | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return null;
  if (!stat.isFile()) throw failed(tool, `${path} is not a plain file`);
  if (stat.size > MAX_FILE_BYTES) throw failed(tool, `${path} is too large`);
  return readFileSync(path, 'utf8');
}

function fresh(file: ToolFile, content: string): string {
  return file.how === 'block' ? block(content) : content;
}

function merge(tool: ToolEntry, file: ToolFile, before: string, content: string): string {
  switch (file.how) {
    case 'own':
      return content;
    case 'json':
      return mergeJson(tool, before, content);
    case 'lines':
      return mergeLines(before, content);
    case 'block':
      return mergeBlock(before, content);
  }
}

const block = (content: string): string => `${BLOCK_BEGIN}\n${content.trimEnd()}\n${BLOCK_END}\n`;

/** In place of the block that is there, else at the end. */
function mergeBlock(before: string, content: string): string {
  const begin = before.indexOf(`${BLOCK_BEGIN}\n`);
  const end = before.indexOf(BLOCK_END, begin);
  if (begin >= 0 && end >= 0) {
    return before.slice(0, begin) + block(content) + before.slice(end + BLOCK_END.length).replace(/^\n/, '');
  }
  return before === '' || before.endsWith('\n') ? before + block(content) : `${before}\n${block(content)}`;
}

/** Sets `name: value` lines at the top level; all others stay where they are. */
function mergeLines(before: string, content: string): string {
  const lines = before.split('\n');
  for (const line of content.trimEnd().split('\n')) {
    const name = line.slice(0, line.indexOf(':') + 1);
    const at = lines.findIndex((old) => old.startsWith(name));
    if (at >= 0) lines[at] = line;
    else if (lines.at(-1) === '') lines.splice(-1, 0, line);
    else lines.push(line);
  }
  return lines.join('\n');
}

function mergeJson(tool: ToolEntry, before: string, content: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(before);
  } catch (error) {
    throw failed(tool, 'it is not plain JSON (comments cannot be kept)', error);
  }
  return `${JSON.stringify(joined(parsed, JSON.parse(content)), null, 2)}\n`;
}

/** Objects are joined name by name; anything else is replaced. */
function joined(old: unknown, next: unknown): unknown {
  if (!isObject(old) || !isObject(next)) return next;
  const entries = Object.entries(next).map(([name, value]) => [name, joined(old[name], value)]);
  return { ...old, ...Object.fromEntries(entries) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function failed(tool: ToolEntry, problem: string, cause?: unknown): AppError {
  return new AppError('tool_file_failed', { tool: tool.name, problem }, { cause });
}
