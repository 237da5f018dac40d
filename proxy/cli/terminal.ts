/**
 * Rules of output: data on stdout, messages on stderr, one JSON document (or one a line) with `--json`,
 * no colour where nobody sees it (NO_COLOR, pipes, dumb terminals). Errors are two lines, `tollgate:
 * error: …` and `hint: …`, or one object on stderr with `--json`.
 */
import { styleText } from 'node:util';
import { AppError, type ErrorCode, type ErrorDetails, isErrorCode, problemOf } from '../contract/errors.ts';

export const EXIT = { ok: 0, failed: 1, usage: 2, needsEngine: 3 } as const;

/** Mistakes in what was typed, not in what was found. */
const USAGE_CODES = new Set<ErrorCode>([
  'app_name_invalid',
  'input_invalid',
  'input_needed',
  'limit_malformed',
  'price_malformed',
  'upstream_invalid',
]);

export function printLine(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** For people, beside the data: goes to stderr. */
export function say(message: string): void {
  process.stderr.write(`${message}\n`);
}

export function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout });
}

/** Whether the reader of our output has left, as `head` does when it has enough. */
export const isOutputClosed = (): boolean => outputClosed;
let outputClosed = false;

/** A reader that leaves is no error. To be called once, before anything is written. */
export function tolerateClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      outputClosed ||= stream === process.stdout;
    });
  }
}

/** An error whose words are not those of the table: the parser's, or what an engine has said. */
export class ShownError extends Error {
  override readonly name = 'ShownError';
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, hint: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** What crossed the control plane as an error of the contract becomes one of ours again. */
function toShowable(error: unknown): AppError | ShownError {
  if (error instanceof AppError || error instanceof ShownError) return error;
  const { code, data } = (error ?? {}) as { code?: unknown; data?: unknown };
  if (isErrorCode(code)) {
    const { details } = (data ?? {}) as { details?: ErrorDetails };
    return new AppError(code, details ?? {}, { cause: error });
  }
  if (code === 'BAD_REQUEST') {
    const problem = firstIssue(data) ?? problemOf(error);
    return new AppError('input_invalid', { problem }, { cause: error });
  }
  return new ShownError(
    'internal_error',
    `Tollgate failed: ${problemOf(error)}.`,
    'Repeat the command with TOLLGATE_DEBUG=1 in its environment to see where it failed.',
    { cause: error },
  );
}

/** The first thing that the contract's schema has found wrong, with the field it is about. */
function firstIssue(data: unknown): string | null {
  const { issues } = (data ?? {}) as { issues?: { message?: string; path?: (string | number)[] }[] };
  const [issue] = issues ?? [];
  return issue ? `${issue.path?.join('.') ?? ''}: ${issue.message ?? ''}`.slice(0, 200) : null;
}

/** Shows an error and returns the exit code for it. */
export function showError(thrown: unknown, json: boolean): number {
  const { code, message: text, hint } = toShowable(thrown);
  const message = withoutSecrets(text);
  if (json) say(JSON.stringify({ error: { code, message, hint } }));
  else say(`tollgate: error: ${message}\nhint: ${hint}`);
  if (code === 'internal_error' && process.env['TOLLGATE_DEBUG'] === '1' && thrown instanceof Error) {
    say(withoutSecrets(thrown.stack ?? thrown.message));
  }
  if (code === 'engine_not_running') return EXIT.needsEngine;
  return USAGE_CODES.has(code) ? EXIT.usage : EXIT.failed;
}

/** An error often quotes what was typed, and what was typed in the wrong place may be a key. */
function withoutSecrets(text: string): string {
  return text.replace(/\b(sk-|tg_)[A-Za-z0-9_-]{4,}/g, '$1…');
}

/** How the person who reads this can start us: what npm has started is not on the PATH of the shell. */
export function ownName(): string {
  return process.env['npm_command'] === undefined ? 'tollgate' : 'npx tollgate';
}

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** Prints rows under their titles, each column as wide as it needs. */
export function printTable(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? '';
        const width = widths[index] ?? 0;
        return align === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  printLine(bold(line(columns.map(({ title }) => title))));
  for (const row of rows) printLine(line(row));
}

/** `2026-11-25T00:00+01:00` as people read it; the zone is their own. */
export function localTime(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
