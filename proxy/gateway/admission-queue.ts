import type { Accountant, AdmissionRequest, Hold, Violation } from '../admission/accountant.ts';

export type Admission =
  | { readonly kind: 'admitted'; readonly hold: Hold; readonly observed: Violation | null }
  | { readonly kind: 'refused'; readonly violation: Violation }
  /** The client left while it waited. */
  | { readonly kind: 'left' };

interface Waiter {
  readonly request: AdmissionRequest;
  readonly resolve: (admission: Admission) => void;
  readonly timer: NodeJS.Timeout;
  lastViolation: Violation;
}

/**
 * Lets a request that would fit alone wait for those in flight, instead of failing it: holds are bounds,
 * and most of a bound is given back at the end. First come, first served; who does not fit is passed
 * over, so that a small request does not wait behind a large one that cannot start yet.
 */
export class AdmissionQueue {
  readonly #accountant: Accountant;
  readonly #queueMs: number;
  readonly #waiting = new Set<Waiter>();

  constructor(accountant: Accountant, queueMs: number) {
    this.#accountant = accountant;
    this.#queueMs = queueMs;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Decides at once where that is possible. `onWait` is called only when the request has to wait, with a
   * function that gives its place up.
   */
  admit(
    request: AdmissionRequest,
    wallMs: number,
    onWait: (leave: () => void) => void,
  ): Admission | Promise<Admission> {
    this.#accountant.tick(wallMs);
    const decision = this.#accountant.decide(request);
    if (decision.kind !== 'wait') return decision;
    if (this.#queueMs <= 0) return { kind: 'refused', violation: decision.violation };
    return new Promise((resolve) => {
      const waiter: Waiter = {
        request,
        lastViolation: decision.violation,
        resolve: (admission) => {
          clearTimeout(waiter.timer);
          this.#waiting.delete(waiter);
          resolve(admission);
        },
        timer: setTimeout(() => {
          waiter.resolve({ kind: 'refused', violation: waiter.lastViolation });
        }, this.#queueMs),
      };
      this.#waiting.add(waiter);
      onWait(() => {
        if (this.#waiting.has(waiter)) waiter.resolve({ kind: 'left' });
      });
    });
  }

  /** To be called whenever a hold has ended or a limit was raised. */
  retry(wallMs: number): void {
    if (this.#waiting.size === 0) return;
    this.#accountant.tick(wallMs);
    for (const waiter of [...this.#waiting]) {
      const decision = this.#accountant.decide(waiter.request);
      if (decision.kind === 'wait') waiter.lastViolation = decision.violation;
      else waiter.resolve(decision);
    }
  }
}
