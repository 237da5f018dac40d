import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BatchLine, readBatchInput } from './batch-input.ts';
import { expiredLine, type LineResult, runLine } from './batch-lines.ts';
import { type Batch, type BatchError, type BatchStatus, WINDOW_S } from './batch-store.ts';
import { sumUsages } from './batch-usage.ts';
import type { BillStatus, OpenBill } from './bill.ts';
import type { Pace } from './generation-walk.ts';
import { type Call, type Simulation, seconds } from './simulation.ts';

export interface BatchDeps {
  readonly simulation: Simulation;
  readonly bill: OpenBill;
  readonly pace: Pace;
  readonly answerAs: Call['answerAs'];
}

export const BATCH_PATH = '/v1/batches';

/**
 * Works on a batch for nobody in particular: validating and waiting take `batchMs` together, finalizing and
 * cancelling half of it each, and every line as long as a direct answer of its kind.
 */
export function startBatchRun(batch: Batch, deps: BatchDeps): void {
  const { simulation, pace, answerAs } = deps;
  const halfMs = simulation.batchMs / 2;
  const results: LineResult[] = [];
  let isEnded = false;
  let wake: (() => void) | null = null;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const enter = (status: BatchStatus): void => {
    batch.status = status;
    batch.enteredAt[status] = seconds(simulation.now());
  };
  const isCancelling = (): boolean => batch.status === 'cancelling';
  const isExpired = (): boolean => seconds(simulation.now()) >= batch.createdAt + WINDOW_S;
  const end = (status: BatchStatus, billStatus: BillStatus): void => {
    isEnded = true;
    keepResults(batch, results, simulation);
    billResults(batch, results, billStatus, deps.bill);
    enter(status);
  };
  const fail = (errors: readonly BatchError[]): void => {
    isEnded = true;
    batch.errors = errors;
    enter('failed');
  };

  const work = async (): Promise<void> => {
    await pause(halfMs);
    if (isEnded) return;
    if (!isCancelling()) {
      const { lines, errors } = readInput(batch, simulation);
      if (errors.length > 0) return fail(errors);
      batch.counts.total = lines.length;
      batch.model = commonModel(lines, deps);
      enter('in_progress');
      await pause(halfMs);
      for (const [index, line] of lines.entries()) {
        await (pace.firstTokenMs > 0 ? pause(pace.firstTokenMs) : nextTurn());
        if (isEnded || isCancelling()) break;
        if (isExpired()) {
          results.push(...lines.slice(index).map(expiredLine));
          return end('expired', 'completed');
        }
        const result = runLine(line, batch.endpoint, answerAs, simulation);
        results.push(result);
        batch.counts[result.isFailed ? 'failed' : 'completed'] += 1;
      }
      if (isEnded) return;
      if (!isCancelling()) enter('finalizing');
    }
    await pause(halfMs);
    if (isEnded) return;
    if (isCancelling()) end('cancelled', 'aborted');
    else end('completed', 'completed');
  };

  batch.run = {
    cancel: () => {
      if (isEnded || isCancelling()) return;
      enter('cancelling');
      wake?.();
    },
    stop: () => {
      if (isEnded) return;
      end('cancelled', 'aborted');
      wake?.();
    },
  };
  void work();
}

function readInput(
  batch: Batch,
  simulation: Simulation,
): { lines: readonly BatchLine[]; errors: readonly BatchError[] } {
  const file = simulation.files.find(batch.inputFileId);
  if (file) return readBatchInput(file.bytes, batch.endpoint);
  const message = `The file with id '${batch.inputFileId}' was not found.`;
  return { lines: [], errors: [{ code: 'file_not_found', message, param: 'input_file_id', line: null }] };
}

function keepResults(batch: Batch, results: readonly LineResult[], simulation: Simulation): void {
  const keep = (kind: 'output' | 'error'): string | null => {
    const lines = results.filter((each) => each.isFailed === (kind === 'error'));
    if (lines.length === 0) return null;
    return simulation.files.add({
      bytes: Buffer.from(lines.map(({ output }) => `${JSON.stringify(output)}\n`).join('')),
      fileName: `${batch.id}_${kind}.jsonl`,
      purpose: 'batch_output',
      createdAt: seconds(simulation.now()),
    }).id;
  };
  batch.outputFileId = keep('output');
  batch.errorFileId = keep('error');
  batch.usage = sumUsages(results.map((each) => each.usage));
}

/** One row for all lines that cost something, each rounded up by itself; none where everything was free. */
function billResults(batch: Batch, results: readonly LineResult[], status: BillStatus, bill: OpenBill): void {
  const paid = results.filter((each) => !each.isFree);
  if (paid.length === 0) return;
  bill.addSum(
    BATCH_PATH,
    status,
    { responseId: batch.id, model: batch.model ?? '', serviceTier: 'batch', usage: batch.usage },
    paid.map((each) => each.costNanoUsd),
  );
}

/** The model that answers all lines, or null where there are several. */
function commonModel(lines: readonly BatchLine[], { simulation, answerAs }: BatchDeps): string | null {
  const names = new Set(lines.map(({ body }) => body['model']));
  const [name] = names;
  if (names.size !== 1 || typeof name !== 'string') return null;
  return answerAs.model ?? simulation.catalog.find(name)?.answersAs ?? null;
}
