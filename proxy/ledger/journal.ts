import { Worker } from 'node:worker_threads';
import { AppError } from '../contract/errors.ts';
import type { AppendedEntry, HoldEntry, JournalEntry } from './entries.ts';
import { packEntries } from './entry-codec.ts';
import type {
  CallName,
  FromJournal,
  JournalCalls,
  JournalFailure,
  JournalOptions,
  Opened,
  ToJournal,
} from './journal-protocol.ts';
import { threadEnv, threadUrl } from './thread.ts';

/** Ends of requests wait this long for a hold to share their commit with; nobody waits for them. */
const LINGER_MS = 5;
/** After a failed write the ends are tried again this often, until the disk has room. */
const RETRY_MS = 1_000;
/** Refusals and findings that wait for the disk; ends of requests are always kept, they are money. */
const MAX_WAITING = 10_000;
const MUST_BE_KEPT: ReadonlySet<JournalEntry['kind']> = new Set(['end', 'late']);

export interface JournalEvents {
  /** Called when writing begins to fail and when it works again. */
  onHealth(healthy: boolean, failure: JournalFailure | null): void;
  /** Called for an entry that broke a rule of the schema: a bug, to be logged. */
  onDropped(entry: JournalEntry, message: string): void;
  /** Called with what the callback of a hold has thrown; the journal itself goes on. */
  onError(error: unknown): void;
  /** Called with every entry as it is handed in, for those who count along; must be quick. */
  onEntry?(entry: JournalEntry): void;
}

type DoneReply = FromJournal & { readonly kind: 'done' };

interface PendingHold {
  readonly entry: HoldEntry;
  readonly done: (written: boolean) => void;
}

/**
 * The engine's side of the journal. Holds that arrive while a commit is under way share the next one
 * (group commit): under load the cost of an `fsync` is divided by all requests in flight, and a lone
 * request pays one.
 */
export class Journal {
  readonly opened: Opened;
  readonly #worker: Worker;
  readonly #events: JournalEvents;
  /** The thread answers in the order it was asked. */
  readonly #replies: ((reply: DoneReply) => void)[] = [];
  #holds: PendingHold[] = [];
  #others: AppendedEntry[] = [];
  #writing = false;
  #lingering: NodeJS.Timeout | null = null;
  #failure: JournalFailure | null = null;
  #dead = false;

  private constructor(worker: Worker, opened: Opened, events: JournalEvents) {
    this.#worker = worker;
    this.#events = events;
    this.opened = opened;
    worker.on('message', (message: FromJournal) => {
      if (message.kind !== 'done') return;
      this.#replies.shift()?.(message);
    });
    worker.on('error', (error) => this.#die(error.message));
    worker.on('exit', () => this.#die('the journal thread ended'));
  }

  /**
   * Opens the ledger in its thread; close it with {@link close}.
   * @returns null when another process holds the folder.
   * @throws AppError `ledger_damaged`, `ledger_newer`, `home_unsafe` or `home_unwritable`.
   */
  static async open(options: JournalOptions, events: JournalEvents): Promise<Journal | null> {
    const worker = new Worker(threadUrl('journal-worker'), {
      workerData: options,
      env: threadEnv(),
      // The thread keeps no more than a batch; a small young generation keeps an idle engine small.
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    });
    const first = await new Promise<FromJournal>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    if (first.kind === 'opened') return new Journal(worker, first, events);
    await worker.terminate();
    if (first.kind === 'failed') throw toError(first.failure);
    return null;
  }

  /** Whether the last write worked. While it did not, only a hold that succeeds can heal it. */
  get healthy(): boolean {
    return this.#failure === null && !this.#dead;
  }

  /** Writes a hold. Calls `done` with true once it is durable, with false when it could not be written. */
  hold(entry: HoldEntry, done: (written: boolean) => void): void {
    if (this.#dead) {
      done(false);
      return;
    }
    this.#holds.push({ entry, done });
    this.#tell((events) => events.onEntry?.(entry));
    // Requests that arrive in the same turn of the event loop join the same commit.
    if (!this.#writing && this.#holds.length === 1) setImmediate(() => this.#write());
  }

  /** Writes anything but a hold soon; it is kept and tried again while the disk refuses. */
  append(entry: AppendedEntry): void {
    if (!this.healthy && !MUST_BE_KEPT.has(entry.kind) && this.#others.length >= MAX_WAITING) return;
    this.#others.push(entry);
    this.#tell((events) => events.onEntry?.(entry));
    this.#linger(LINGER_MS);
  }

  /** Runs a call on the journal's thread, after everything that was appended before. */
  async call<Name extends CallName>(
    name: Name,
    ...argument: Parameters<JournalCalls[Name]>
  ): Promise<Awaited<ReturnType<JournalCalls[Name]>>> {
    await this.flush();
    const reply = await this.#send({ kind: 'call', name, argument: argument[0] });
    if (reply.failure) throw toError(reply.failure);
    return reply.result as Awaited<ReturnType<JournalCalls[Name]>>;
  }

  /** Resolves when everything appended so far has been written, or has failed to be. */
  async flush(): Promise<void> {
    // One write may be under way; what waits goes with the next. Anything later came after the call.
    for (let write = 0; write < 2; write += 1) {
      const waits = this.#writing || this.#others.length > 0 || this.#holds.length > 0;
      if (!waits || this.#dead) return;
      if (!this.#writing) this.#write();
      await new Promise<void>((resolve) => this.#afterWrite.push(resolve));
      if (this.#failure) return;
    }
  }

  /** Writes what is left and gives the folder back. Ends that cannot be written count as open holds. */
  async close(): Promise<void> {
    await this.flush();
    if (this.#lingering) clearTimeout(this.#lingering);
    if (!this.#dead) await this.#send({ kind: 'close' });
    this.#dead = true;
    await this.#worker.terminate();
  }

  readonly #afterWrite: (() => void)[] = [];

  #linger(delayMs: number): void {
    if (this.#writing || this.#lingering || this.#dead) return;
    this.#lingering = setTimeout(() => {
      this.#lingering = null;
      this.#write();
    }, delayMs);
  }

  #write(): void {
    if (this.#writing || this.#dead) return;
    if (this.#lingering) {
      clearTimeout(this.#lingering);
      this.#lingering = null;
    }
    const holds = this.#holds;
    const others = this.#others;
    if (holds.length === 0 && others.length === 0) return;
    this.#holds = [];
    this.#others = [];
    this.#writing = true;
    const entries: JournalEntry[] = others.slice();
    for (const hold of holds) entries.push(hold.entry);
    void this.#send({ kind: 'batch', entries: packEntries(entries) }).then(({ failure, dropped }) => {
      this.#writing = false;
      // What was spent must be booked; a hold that could not be written is refused instead.
      if (failure) this.#others = others.concat(this.#others);
      this.#report(failure);
      for (const { entry, message } of dropped) this.#tell((events) => events.onDropped(entry, message));
      const droppedSeqs = new Set(dropped.map(({ entry }) => ('seq' in entry ? entry.seq : -1)));
      for (const hold of holds) this.#answer(hold, !failure && !droppedSeqs.has(hold.entry.seq));
      for (const resolve of this.#afterWrite.splice(0)) resolve();
      if (this.#holds.length > 0) this.#write();
      else if (this.#others.length > 0) this.#linger(failure ? RETRY_MS : LINGER_MS);
    });
  }

  #answer(hold: PendingHold, written: boolean): void {
    try {
      hold.done(written);
    } catch (error) {
      this.#tell((events) => events.onError(error));
    }
  }

  /** Neither a request nor a listener (a log on the same full disk) may stop the journal. */
  #tell(tell: (events: JournalEvents) => void): void {
    try {
      tell(this.#events);
    } catch {
      // There is nobody left to tell.
    }
  }

  #report(failure: JournalFailure | null): void {
    const changed = (failure === null) !== (this.#failure === null);
    this.#failure = failure;
    if (changed) this.#tell((events) => events.onHealth(failure === null, failure));
  }

  #send(message: ToJournal): Promise<DoneReply> {
    return new Promise((resolve) => {
      this.#replies.push(resolve);
      if (this.#dead) this.#die('the journal is closed');
      else this.#worker.postMessage(message);
    });
  }

  #die(message: string): void {
    const failure: JournalFailure = { message, sqliteCode: null, code: 'ledger_unavailable', details: {} };
    const wasDead = this.#dead;
    this.#dead = true;
    for (const reply of this.#replies.splice(0)) {
      reply({ kind: 'done', result: null, failure, dropped: [] });
    }
    if (!wasDead) this.#report(failure);
    for (const hold of this.#holds.splice(0)) this.#answer(hold, false);
    for (const resolve of this.#afterWrite.splice(0)) resolve();
  }
}

function toError(failure: JournalFailure): AppError {
  return new AppError(
    failure.code ?? 'ledger_unavailable',
    { problem: failure.message, ...failure.details },
    { cause: failure },
  );
}
