import { KEY_SCOPE, MIN_INJECTED_OUTPUT_TOKENS } from '../../../proxy/admission/accountant.ts';
import { type Amounts, amountOf } from '../../../proxy/admission/amounts.ts';
import type { Calendar } from '../../../proxy/admission/calendar.ts';
import type { LimitRule } from '../../../proxy/admission/scope.ts';
import type { Metric, Window } from '../../../proxy/contract/limits.ts';

export interface Ask {
  readonly scopes: readonly string[];
  readonly observed: readonly string[];
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly choices: number;
  readonly canShorten: boolean;
}

/** One nano-dollar an input token, two an output token; the same prices as those of `bound`. */
export function amountsOf(ask: Ask, outputTokens: number): Amounts {
  return {
    nanoUsd: ask.inputTokens + 2 * outputTokens * ask.choices,
    inputTokens: ask.inputTokens,
    outputTokens: outputTokens * ask.choices,
    requests: 1,
  };
}

interface Entry {
  readonly atMs: number;
  readonly scopes: readonly string[];
  amounts: Amounts;
  isOpen: boolean;
}

/** Keeps a list of all there ever was and adds it up for every question. */
export class NaiveAccountant {
  readonly limits = new Map<string, readonly LimitRule[]>([[KEY_SCOPE, []]]);
  readonly #calendar: Calendar;
  readonly #entries: Entry[] = [];
  #nowMs = 0;

  constructor(calendar: Calendar) {
    this.#calendar = calendar;
  }

  tick(wallMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, wallMs);
  }

  take(ask: Ask, outputTokens: number): Entry {
    const amounts = amountsOf(ask, outputTokens);
    const entry = { atMs: this.#nowMs, scopes: ask.scopes, amounts, isOpen: true };
    this.#entries.push(entry);
    return entry;
  }

  settle(entry: Entry, used: Amounts): void {
    entry.amounts = used;
    entry.isOpen = false;
  }

  sum(scope: string, metric: Metric, window: Window, open: boolean): number {
    const { startMs } = this.#calendar.bounds(window, this.#nowMs);
    return this.#entries
      .filter((each) => each.isOpen === open && each.scopes.includes(scope) && each.atMs >= startMs)
      .reduce((sum, { amounts }) => sum + amountOf(amounts, metric), 0);
  }

  states(): object[] {
    return [...this.limits].flatMap(([scope, rules]) =>
      rules.map((rule) => {
        const settled = this.sum(scope, rule.metric, rule.window, false);
        const held = this.sum(scope, rule.metric, rule.window, true);
        return { scope, id: rule.id, settled, held, free: rule.amount - settled - held };
      }),
    );
  }

  /** What DESIGN section 4 says of a request near the cap, one number of output tokens after the other. */
  decide(ask: Ask): { kind: 'admitted' | 'wait' | 'refused'; outputTokens?: number } {
    const now = this.#mostThatFits(ask, true);
    if (now !== null) return { kind: 'admitted', outputTokens: now };
    return { kind: this.#mostThatFits(ask, false) === null ? 'refused' : 'wait' };
  }

  #mostThatFits(ask: Ask, withHeld: boolean): number | null {
    const least = ask.canShorten ? Math.min(MIN_INJECTED_OUTPUT_TOKENS, ask.outputTokens) : ask.outputTokens;
    const budgets = ask.scopes
      .filter((scope) => !ask.observed.includes(scope))
      .flatMap((scope) => (this.limits.get(scope) ?? []).map((rule) => ({ scope, rule })))
      .filter(({ rule }) => rule.enforce === 'hard')
      .map(({ scope, rule: { metric, window, amount } }) => {
        const held = withHeld ? this.sum(scope, metric, window, true) : 0;
        const free = amount - this.sum(scope, metric, window, false) - held;
        const isShared = ask.canShorten && metric !== 'input_tokens' && metric !== 'requests';
        return { metric, budget: isShared ? Math.floor(free / 2) : free };
      });
    for (let tokens = ask.outputTokens; tokens >= least; tokens -= 1) {
      const amounts = amountsOf(ask, tokens);
      const fits = ({ metric, budget }: (typeof budgets)[number]): boolean => {
        const amount = amountOf(amounts, metric);
        return amount === 0 || amount <= budget;
      };
      if (budgets.every(fits)) return tokens;
    }
    return null;
  }
}
