import { AppError, problemOf } from '../proxy/contract/errors.ts';
import type { EngineProblem } from './engine-messages.ts';

/** What a person is told of an engine that does not start: never a stack. */
export function toProblem(error: unknown): EngineProblem {
  if (error instanceof AppError) {
    const { code, message, hint } = error;
    return { code, message, hint };
  }
  return {
    code: 'internal_error',
    message: `The engine did not start: ${problemOf(error)}.`,
    hint: 'The log file has the details.',
  };
}
