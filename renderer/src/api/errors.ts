import { ORPCError } from '@orpc/client';
import { commonText } from '../text/common.ts';

/** Anything thrown, as people read it: what happened, what to do next, and which request it was. */
export interface ErrorDescription {
  readonly what: string;
  readonly next: string;
  /** A code of the error table; null when the engine did not answer. */
  readonly code: string | null;
  readonly requestId: string | null;
}

/** The code of the engine's error table, or null for what is no answer of the engine. */
export function errorCode(error: unknown): string | null {
  return error instanceof ORPCError ? error.code : null;
}

/** Whether nobody answered: the engine is gone, or the desktop waits for it. */
export function isUnreachable(error: unknown): boolean {
  const code = errorCode(error);
  return code === null ? error instanceof TypeError : code === 'engine_not_running';
}

export function describeError(error: unknown): ErrorDescription {
  const code = errorCode(error);
  if (!(error instanceof ORPCError)) {
    const { unreachable, unexpected } = commonText.errors;
    const words = error instanceof TypeError ? unreachable : unexpected;
    return { what: words.what, next: words.next, code, requestId: null };
  }
  const data: unknown = error.data;
  const hint = textOf(data, 'hint') ?? commonText.errors.unexpected.next;
  const details = isRecord(data) ? data['details'] : null;
  return { what: error.message, next: hint, code, requestId: textOf(details, 'requestId') };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown, name: string): string | null {
  const found = isRecord(value) ? value[name] : undefined;
  return typeof found === 'string' && found !== '' ? found : null;
}
