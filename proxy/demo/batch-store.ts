import type { BatchUsage } from './batch-usage.ts';
import type { Json } from './request-fields.ts';

export type BatchStatus =
  | 'validating'
  | 'failed'
  | 'in_progress'
  | 'finalizing'
  | 'completed'
  | 'expired'
  | 'cancelling'
  | 'cancelled';

/** What is wrong with a line of the input file; `line` counts from 1, null for the file as a whole. */
export interface BatchError {
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
  readonly line: number | null;
}

/** Work on a batch, which goes on without a client. */
export interface BatchRun {
  /** No further line is run; what was done by then is billed when the batch becomes `cancelled`. */
  cancel(): void;
  /** Ends it now, and bills it. */
  stop(): void;
}

export interface Batch {
  readonly id: string;
  readonly endpoint: string;
  readonly inputFileId: string;
  readonly completionWindow: string;
  readonly metadata: Json;
  /** In seconds. */
  readonly createdAt: number;
  /** When each status was entered, in seconds. */
  readonly enteredAt: Partial<Record<BatchStatus, number>>;
  readonly counts: { total: number; completed: number; failed: number };
  status: BatchStatus;
  errors: readonly BatchError[];
  /** As answered; null until it is known, and where there are several. */
  model: string | null;
  /** Null until it has ended. */
  usage: BatchUsage | null;
  outputFileId: string | null;
  errorFileId: string | null;
  run: BatchRun | null;
}

/** What has not run by then never will, in seconds after it was made. */
export const WINDOW_S = 24 * 3600;

export function batchObject(batch: Batch): Json {
  const { enteredAt } = batch;
  return {
    id: batch.id,
    object: 'batch',
    endpoint: batch.endpoint,
    ...(batch.model === null ? {} : { model: batch.model }),
    errors: batch.errors.length === 0 ? null : { object: 'list', data: batch.errors },
    input_file_id: batch.inputFileId,
    completion_window: batch.completionWindow,
    status: batch.status,
    output_file_id: batch.outputFileId,
    error_file_id: batch.errorFileId,
    created_at: batch.createdAt,
    in_progress_at: enteredAt.in_progress ?? null,
    expires_at: batch.createdAt + WINDOW_S,
    finalizing_at: enteredAt.finalizing ?? null,
    completed_at: enteredAt.completed ?? null,
    failed_at: enteredAt.failed ?? null,
    expired_at: enteredAt.expired ?? null,
    cancelling_at: enteredAt.cancelling ?? null,
    cancelled_at: enteredAt.cancelled ?? null,
    request_counts: { ...batch.counts },
    ...(batch.usage === null ? {} : { usage: batch.usage }),
    metadata: batch.metadata,
  };
}
