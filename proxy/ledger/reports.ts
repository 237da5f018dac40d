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

/** A thread and who waits for it: the end of one must not answer for the next. */
interface ReportThread {
  readonly worker: Worker;
  readonly waiting: Map<number, (reply: ReportReply) => void>;
}

/** Runs report queries in a thread that is started when one is asked for; close it at the end. */
export class Reports {
  readonly #dbPath: string;
  #thread: ReportThread | null = null;
  #idle: NodeJS.Timeout | null = null;
  #nextId = 1;
  #closed = false;

  constructor(dbPath: string) {
    this.#dbPath = dbPath;
  }

  /** @throws AppError `ledger_unavailable` when the ledger cannot be read. */
  async query<Name extends ReportName>(
    name: Name,
    ...argument: Parameters<ReportQueries[Name]>
  ): Promise<ReturnType<ReportQueries[Name]>> {
    if (this.#closed) throw new AppError('shutting_down');
    const { worker, waiting } = this.#open();
    const id = this.#nextId++;
    const reply = await new Promise<ReportReply>((resolve) => {
      waiting.set(id, resolve);
      worker.postMessage({ id, name, argument: argument[0] } satisfies ReportCall);
    });
    if (waiting.size === 0) this.#rest();
    if (reply.problem !== null) throw new AppError('ledger_unavailable', { problem: reply.problem });
    return reply.result as ReturnType<ReportQueries[Name]>;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#end();
  }

  async #end(): Promise<void> {
    if (this.#idle) clearTimeout(this.#idle);
    const thread = this.#thread;
    this.#thread = null;
    await thread?.worker.terminate();
  }

  #open(): ReportThread {
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = null;
    if (this.#thread) return this.#thread;
    const worker = new Worker(threadUrl('reports-worker'), {
      workerData: { dbPath: this.#dbPath },
      env: threadEnv(),
    });
    const waiting: ReportThread['waiting'] = new Map();
    const thread: ReportThread = { worker, waiting };
    worker.on('message', (reply: ReportReply) => {
      const resolve = waiting.get(reply.id);
      waiting.delete(reply.id);
      resolve?.(reply);
    });
    const lost = (problem: string): void => {
      if (this.#thread === thread) this.#thread = null;
      for (const [id, resolve] of waiting) resolve({ id, result: null, problem });
      waiting.clear();
    };
    worker.on('error', (error) => lost(error.message));
    worker.on('exit', () => lost('the report thread ended'));
    this.#thread = thread;
    return thread;
  }

  #rest(): void {
    this.#idle = setTimeout(() => void this.#end(), IDLE_MS);
    this.#idle.unref();
  }
}
