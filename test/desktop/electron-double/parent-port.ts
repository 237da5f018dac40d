/**
 * `node --import` of this file gives a process what `utilityProcess.fork` gives it: `process.parentPort`,
 * whose messages wait until somebody listens, and an end with the parent's.
 */
import { EventEmitter } from 'node:events';

class ParentPort extends EventEmitter {
  readonly #waiting: unknown[] = [];

  constructor() {
    super();
    process.on('message', (data) => {
      if (this.listenerCount('message') === 0) this.#waiting.push(data);
      else this.emit('message', { data, ports: [] });
    });
    this.on('newListener', (name) => {
      if (name !== 'message') return;
      queueMicrotask(() => {
        for (const data of this.#waiting.splice(0)) this.emit('message', { data, ports: [] });
      });
    });
  }

  postMessage(message: unknown): void {
    process.send?.(message);
  }
}

const parentPort: Electron.ParentPort = new ParentPort();
Object.defineProperty(process, 'parentPort', { value: parentPort });
process.on('disconnect', () => process.exit(1));
