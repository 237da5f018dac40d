import { CONTROL_ERRORS } from './errors/control-errors.ts';
import { ENGINE_ERRORS } from './errors/engine-errors.ts';
import type { ErrorEntry } from './errors/error-entry.ts';
import { REQUEST_ERRORS } from './errors/request-errors.ts';

/**
 * Every error Tollgate itself can give, in one table: the data plane translates an entry into OpenAI's
 * error shape, the control plane into the contract's, the terminal into `tollgate: error: …` with a
 * `hint:` line. docs/errors.md lists the same codes; a test compares both ways.
 *
 * `{name}` in a message or hint is replaced from the details of the {@link AppError}. Details are shown
 * to people: never put a key, a token, a prompt or a path that is not the user's own into them.
 */
const TABLE = { ...REQUEST_ERRORS, ...ENGINE_ERRORS, ...CONTROL_ERRORS } as const satisfies Record<
  string,
  ErrorEntry
>;

export type ErrorCode = keyof typeof TABLE;

/** The table, for the places that translate it and for the test that compares it with docs/errors.md. */
export const ERRORS: Readonly<Record<ErrorCode, ErrorEntry>> = TABLE;

export const ERROR_CODES = Object.keys(TABLE) as readonly ErrorCode[];

export type ErrorDetails = Readonly<Record<string, string | number>>;

function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? '?'));
}

/** An error with a code of {@link ERRORS}: what happened, what to do next, and nothing secret. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly hint: string;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(fill(ERRORS[code].message, details), options);
    this.code = code;
    this.details = details;
    this.hint = fill(ERRORS[code].hint, details);
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(TABLE, value);
}

/** The message of anything thrown, for a `{problem}` slot: one line, at most 200 characters. */
export function problemOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n', 1)[0] ?? '').slice(0, 200);
}
