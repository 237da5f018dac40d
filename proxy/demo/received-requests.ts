/** A request as it arrived, for checks of what a proxy lets through. */
export interface ReceivedRequest {
  readonly method: string;
  /** With the query, byte for byte. */
  readonly path: string;
  /** Names and values in turn, in order and case as sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** A text frame of a WebSocket, as it arrived. */
export interface ReceivedFrame {
  readonly path: string;
  readonly text: string;
}

export interface ReceivedLog {
  readonly requests: readonly ReceivedRequest[];
  readonly frames: readonly ReceivedFrame[];
  add(request: ReceivedRequest): void;
  addFrame(frame: ReceivedFrame): void;
}

const MAX_REQUESTS = 1000;
const MAX_BYTES = 64 * 1024 * 1024;

/** Keeps the newest requests and frames: at most 1,000, and at most 64 MB of each besides the newest one. */
export function createReceivedLog(): ReceivedLog {
  const requests = newest<ReceivedRequest>(({ body }) => body.length);
  const frames = newest<ReceivedFrame>(({ text }) => text.length);
  return { requests: requests.list, frames: frames.list, add: requests.add, addFrame: frames.add };
}

function newest<T>(sizeOf: (each: T) => number): { readonly list: readonly T[]; add(each: T): void } {
  const list: T[] = [];
  let total = 0;
  return {
    list,
    add: (each) => {
      list.push(each);
      total += sizeOf(each);
      while (list.length > MAX_REQUESTS || (total > MAX_BYTES && list.length > 1)) {
        const oldest = list.shift();
        if (oldest !== undefined) total -= sizeOf(oldest);
      }
    },
  };
}
