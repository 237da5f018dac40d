import { EventEmitter } from 'node:events';

type EventMap = Readonly<Record<string, readonly unknown[]>>;

/**
 * The events of a part of Electron that a double has, each checked against electron.d.ts: one that
 * Electron does not have, or hands over otherwise, becomes `never`, and nobody can listen to it or emit it.
 */
export type EventsOf<Part, Events extends EventMap> = {
  readonly [Name in keyof Events]: Part extends {
    on(event: Name, listener: (...args: Mutable<Events[Name]>) => void): unknown;
  }
    ? Events[Name]
    : never;
};
type Mutable<Args extends readonly unknown[]> = [...Args];

/** `on` and `once` for the named events and no others. */
export class Emitter<Events extends EventMap> {
  readonly #emitter = new EventEmitter();

  on<Name extends keyof Events & string>(
    name: Name,
    listener: (...args: Mutable<Events[Name]>) => void,
  ): this {
    this.#emitter.on(name, listener);
    return this;
  }

  once<Name extends keyof Events & string>(
    name: Name,
    listener: (...args: Mutable<Events[Name]>) => void,
  ): this {
    this.#emitter.once(name, listener);
    return this;
  }

  emit<Name extends keyof Events & string>(name: Name, ...args: Mutable<Events[Name]>): void {
    this.#emitter.emit(name, ...args);
  }
}
