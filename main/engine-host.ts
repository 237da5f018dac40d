import type { ControlClient, Logger } from '../proxy/client.ts';
import { problemOf } from '../proxy/contract/errors.ts';
import type { EngineChild, EngineGone } from './engine-child.ts';
import type { EngineProblem } from './engine-messages.ts';

/** How the engine is, as the host sees it. */
export type EngineSituation =
  | { readonly state: 'starting'; readonly problem: EngineProblem | null }
  | { readonly state: 'running'; readonly client: ControlClient; readonly attached: boolean }
  | { readonly state: 'restarting'; readonly problem: EngineProblem; readonly retryAtMs: number }
  | { readonly state: 'stopping' };

export interface EngineHostDeps {
  fork(): EngineChild;
  /** A client of the engine that listens for this home, or null when none does. */
  connect(): Promise<ControlClient | null>;
  onChange(situation: EngineSituation): void;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly timing?: Partial<EngineHostTiming>;
}

export interface EngineHostTiming {
  /** Wait before the first restart; doubled each time. */
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
  /** An engine that ran this long was fine: the next wait is the first again. */
  readonly fineAfterMs: number;
  /** For requests under way to finish when it stops: longer than the engine itself drains. */
  readonly stopMs: number;
}

const TIMING: EngineHostTiming = {
  firstRetryMs: 500,
  maxRetryMs: 30_000,
  fineAfterMs: 60_000,
  stopMs: 15_000,
};

/**
 * Keeps an engine running: uses the one that has the home already, else starts one, and starts it again
 * when it ends, each time after a longer wait. An engine of others is never stopped.
 */
export class EngineHost {
  readonly #deps: EngineHostDeps;
  readonly #timing: EngineHostTiming;
  #situation: EngineSituation = { state: 'starting', problem: null };
  #child: EngineChild | null = null;
  #onGone: (() => void) | null = null;
  #retry: NodeJS.Timeout | null = null;
  #waits = 0;
  #startedAtMs = 0;
  #restarts = 0;

  constructor(deps: EngineHostDeps) {
    this.#deps = deps;
    this.#timing = { ...TIMING, ...deps.timing };
  }

  get situation(): EngineSituation {
    return this.#situation;
  }

  /** How often an engine of ours has ended by itself. */
  get restarts(): number {
    return this.#restarts;
  }

  start(): void {
    void this.#attempt();
  }

  /** Does not wait for the time of the next try. */
  retryNow(): void {
    if (this.#situation.state !== 'restarting') return;
    this.#clearRetry();
    void this.#attempt();
  }

  /** To be told when calls of an engine that belongs to others fail: nothing else says that it is gone. */
  lost(client: ControlClient): void {
    const situation = this.#situation;
    if (situation.state === 'running' && situation.attached && situation.client === client) {
      this.#deps.logger.info('the engine that was attached to has ended');
      void this.#attempt();
    }
  }

  /** Lets requests under way finish, then resolves; an engine of others goes on. */
  async stop(): Promise<void> {
    this.#clearRetry();
    this.#become({ state: 'stopping' });
    const child = this.#child;
    if (!child) return;
    const gone = new Promise<void>((resolve) => {
      this.#onGone = resolve;
    });
    child.stop();
    const late = setTimeout(() => {
      this.#deps.logger.warn('the engine did not stop in time and was ended');
      child.kill();
    }, this.#timing.stopMs);
    await gone;
    clearTimeout(late);
  }

  async #attempt(): Promise<void> {
    this.#become({ state: 'starting', problem: this.#lastProblem() });
    try {
      const client = await this.#deps.connect();
      if (this.#isStopping()) return;
      if (client) {
        this.#deps.logger.info('attached to the engine that runs already');
        this.#become({ state: 'running', client, attached: true });
      } else this.#launch();
    } catch (error) {
      this.#fail({
        code: 'internal_error',
        message: `The engine cannot be reached: ${problemOf(error)}.`,
        hint: 'The log file has the details.',
      });
    }
  }

  #launch(): void {
    const child = this.#deps.fork();
    this.#child = child;
    this.#startedAtMs = performance.now();
    let problem: EngineProblem | null = null;
    child.onReport((report) => {
      if (report.kind === 'ready') void this.#ready(child);
      else if (report.kind === 'failed') {
        problem = report.problem;
        child.kill();
      } else this.#gone(child, report, problem);
    });
  }

  async #ready(child: EngineChild): Promise<void> {
    try {
      const client = await this.#deps.connect();
      if (this.#child !== child || this.#isStopping()) return;
      if (client) this.#become({ state: 'running', client, attached: false });
      else child.kill();
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'the engine was started and cannot be reached');
      child.kill();
    }
  }

  #gone(child: EngineChild, { code, lastWords }: EngineGone, problem: EngineProblem | null): void {
    if (this.#child !== child) return;
    this.#child = null;
    if (this.#isStopping()) {
      this.#onGone?.();
      return;
    }
    if (!problem) this.#restarts += 1;
    this.#deps.logger.error({ code, problem: problem?.code, lastWords }, 'the engine has ended');
    this.#fail(problem ?? CRASHED);
  }

  #fail(problem: EngineProblem): void {
    const { firstRetryMs, maxRetryMs, fineAfterMs } = this.#timing;
    if (this.#startedAtMs > 0 && performance.now() - this.#startedAtMs > fineAfterMs) this.#waits = 0;
    const waitMs = Math.min(firstRetryMs * 2 ** this.#waits, maxRetryMs);
    this.#waits += 1;
    this.#become({ state: 'restarting', problem, retryAtMs: Date.now() + waitMs });
    this.#retry = setTimeout(() => void this.#attempt(), waitMs);
  }

  #lastProblem(): EngineProblem | null {
    return this.#situation.state === 'restarting' ? this.#situation.problem : null;
  }

  #isStopping(): boolean {
    return this.#situation.state === 'stopping';
  }

  #clearRetry(): void {
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = null;
  }

  #become(situation: EngineSituation): void {
    this.#situation = situation;
    this.#deps.onChange(situation);
  }
}

const CRASHED: EngineProblem = {
  code: 'internal_error',
  message: 'The engine ended unexpectedly.',
  hint: 'It is started again by itself. Requests that were under way are charged at their bound.',
};
