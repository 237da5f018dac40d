import type { ControlSignal, SignalSource } from './control/control-deps.ts';

/** Tells listeners what happens. Costs nothing while there are none. */
export class Signals implements SignalSource {
  readonly #listeners = new Set<(signal: ControlSignal) => void>();

  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  /** Returns what ends the listening. Listeners must not throw. */
  listen(listener: (signal: ControlSignal) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(signal: ControlSignal): void {
    for (const listener of this.#listeners) listener(signal);
  }
}
