/** A request as it arrived, for checks of what a proxy lets through. */
export interface ReceivedRequest {
  readonly method: string;
  /** With the query, byte for byte. */
  readonly path: string;
  /** Names and values in turn, in order and case as sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface ReceivedLog {
  readonly requests: readonly ReceivedRequest[];
  add(request: ReceivedRequest): void;
}

const MAX_REQUESTS = 1000;
const MAX_BYTES = 64 * 1024 * 1024;

/** Keeps the newest requests: at most 1,000, and at most 64 MB of bodies besides the newest one. */
export function createReceivedLog(): ReceivedLog {
  const requests: ReceivedRequest[] = [];
  let bytes = 0;
  return {
    requests,
    add: (request) => {
      requests.push(request);
      bytes += request.body.length;
      while (requests.length > MAX_REQUESTS || (bytes > MAX_BYTES && requests.length > 1)) {
        bytes -= requests.shift()?.body.length ?? 0;
      }
    },
  };
}
