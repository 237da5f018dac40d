import { Worker } from 'node:worker_threads';
import { AppError } from '../contract/errors.ts';
import type { ReportQueries } from './report-queries.ts';
import { threadEnv, threadUrl } from './thread.ts';

type ReportName = keyof ReportQueries;

export interface ReportCall {
  readonly id: number;
  readonly name: ReportName;
  readonly argument: unknown;
}

export interface ReportReply {
  readonly id: number;
  readonly result: unknown;
  readonly problem: string | null;
}

/** Nobody looks at reports most of the time; the thread and its memory go away when nobody does. */
const IDLE_MS = 30_000;

/** Runs report queries in a thread that is started when one is asked for; close it at the end. */
export class Reports {
  readonly #dbPath: string;
  readonly #waiting = new Map<number, (reply: ReportReply) => void>();
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | null = null;
  #nextId = 1;

  constructor(dbPath: string) {
    this.#dbPath = dbPath;
  }

  /** @throws AppError `ledger_unavailable` when the ledger cannot be read. */
  async query<Name extends ReportName>(
    name: Name,
    ...argument: Parameters<ReportQueries[Name]>
  ): Promise<ReturnType<ReportQueries[Name]>> {
    const worker = this.#open();
    const id = this.#nextId++;
    const reply = await new Promise<ReportReply>((resolve) => {
      this.#waiting.set(id, resolve);
      worker.postMessage({ id, name, argument: argument[0] } satisfies ReportCall);
    });
    if (this.#waiting.size === 0) this.#rest();
    if (reply.problem !== null) throw new AppError('ledger_unavailable', { problem: reply.problem });
    return reply.result as ReturnType<ReportQueries[Name]>;
  }

  async close(): Promise<void> {
    if (this.#idle) clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #open(): Worker {
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = null;
    if (this.#worker) return this.#worker;
    const worker = new Worker(threadUrl('reports-worker'), {
      workerData: { dbPath: this.#dbPath },
      env: threadEnv(),
    });
    worker.on('message', (reply: ReportReply) => {
      const resolve = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      resolve?.(reply);
    });
    const lost = (problem: string): void => {
      if (this.#worker === worker) this.#worker = null;
      for (const [id, resolve] of this.#waiting) resolve({ id, result: null, problem });
      this.#waiting.clear();
    };
    worker.on('error', (error) => lost(error.message));
    worker.on('exit', () => lost('the report thread ended'));
    this.#worker = worker;
    return worker;
  }

  #rest(): void {
    this.#idle = setTimeout(() => void this.close(), IDLE_MS);
    this.#idle.unref();
  }
}
