import { z } from 'zod';
import { ERROR_CODES, ERRORS, type ErrorCode } from './errors.ts';

/** What every error of the control plane carries beside its code and message. */
export const errorDataSchema = z.object({
  /** What to do next. */
  hint: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});

interface ControlError {
  readonly status: number;
  readonly message: string;
  readonly data: typeof errorDataSchema;
}

/** The error table as the contract declares it: a client that catches one knows its code and its data. */
export const controlErrors = Object.fromEntries(
  ERROR_CODES.map((code) => {
    const { status, message } = ERRORS[code];
    return [code, { status, message, data: errorDataSchema }];
  }),
) as Record<ErrorCode, ControlError>;
