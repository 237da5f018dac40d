import type { KeptAlert } from './alerts/alert-desk.ts';
import type { Change } from './contract/event-words.ts';

/** That something has happened; whoever wants to know more looks it up. */
export type Signal =
  | { readonly kind: 'request'; readonly seq: number; readonly appNum: number }
  | { readonly kind: 'alert'; readonly alert: KeptAlert; readonly isNew: boolean }
  | { readonly kind: 'changed'; readonly what: Change; readonly appId: string | null }
  | { readonly kind: 'engine' };

/** Tells listeners what happens. Costs nothing while there are none. */
export class Signals {
  readonly #listeners = new Set<(signal: Signal) => void>();

  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  /** Returns what ends the listening. Listeners must not throw. */
  listen(listener: (signal: Signal) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(signal: Signal): void {
    for (const listener of this.#listeners) listener(signal);
  }
}
