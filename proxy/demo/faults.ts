import { isObject } from './request-fields.ts';

/*
 * Ways in which an upstream misbehaves. What is billed follows OpenAI: a refusal before any output (status
 * faults, redirects) costs nothing; whatever breaks after the model began is billed for what it had
 * generated, and a whole answer has always run to its end.
 */
export type UsageFault =
  | 'missing'
  | 'null'
  | 'twice'
  | 'zero'
  | 'negative'
  | 'float'
  | 'string'
  /** The bare word NaN, which is not JSON. */
  | 'nan'
  /** 1e999, which parses to Infinity. */
  | 'infinite'
  /** 2^63 */
  | 'absurd'
  /** A thousand times the truth: above any bound. */
  | 'above-bound';

export type Fault =
  // Refusals: nothing runs.
  | { kind: 'status'; status: number; body?: unknown; headers?: Record<string, string> }
  | { kind: 'rate-limit'; retryAfterSeconds?: number }
  | { kind: 'insufficient-quota' }
  /** The right key is refused, with OpenAI's masked echo of it. */
  | { kind: 'unauthorized' }
  | { kind: 'server-error' }
  | { kind: 'overloaded' }
  | { kind: 'redirect'; location: string; status?: 301 | 302 | 303 | 307 | 308 }
  // The connection.
  | { kind: 'latency'; ms: number }
  | { kind: 'hang-before-headers' }
  | { kind: 'reset-before-headers' }
  | { kind: 'reset-after-headers' }
  /** A chunk is one event of a stream; a whole answer breaks in the middle of its body instead. */
  | { kind: 'reset-after-chunks'; chunks: number }
  /** The connection closes cleanly, the HTTP message does not. */
  | { kind: 'fin-after-chunks'; chunks: number }
  /** The HTTP message ends properly, what it says does not. */
  | { kind: 'end-after-chunks'; chunks: number }
  | { kind: 'hang-after-chunks'; chunks: number }
  /** An error event, with the usage so far if asked for. */
  | { kind: 'error-after-chunks'; chunks: number; withUsage?: boolean }
  | { kind: 'trickle'; bytes?: number; everyMs?: number }
  | { kind: 'early-hints' }
  | { kind: 'trailers' }
  | { kind: 'huge-header'; bytes?: number }
  // The content. The model has run.
  | { kind: 'html' }
  | { kind: 'truncated-json' }
  | { kind: 'gzip' }
  | { kind: 'invalid-sse'; afterChunks?: number }
  | { kind: 'no-done' }
  | { kind: 'split'; bytes?: number }
  | { kind: 'line-ends'; with: 'crlf' | 'cr' }
  | { kind: 'no-space' }
  | { kind: 'long-line'; bytes?: number; afterChunks?: number }
  | { kind: 'usage'; as: UsageFault }
  /** Answered, and billed, as another model or tier than the one asked for. */
  | { kind: 'response-model'; model: string }
  | { kind: 'service-tier'; tier: string }
  // Sockets alone; an event is one text frame, of whatever response. The connection itself stays up where it hangs.
  /** An HTTP status instead of the upgrade. */
  | { kind: 'socket-refuse'; status: number; body?: unknown }
  | { kind: 'socket-reset-after-events'; events: number }
  /** With this close code, 1011 unless told. */
  | { kind: 'socket-close-after-events'; events: number; code?: number }
  | { kind: 'socket-hang-after-events'; events: number }
  /** In every event that carries one. */
  | { kind: 'socket-usage'; as: UsageFault };

export interface FaultRule {
  /** Exact path with or without `/v1`, or a pattern for it; every `/v1` path where absent. */
  readonly path?: RegExp | string;
  /** How many requests it meets, 1 unless told; Infinity for all. */
  readonly times?: number;
  /** Several at once make one request suffer all of them. */
  readonly fault: Fault | readonly Fault[];
}

/** Each request meets the first rule that fits it; rules added one after another come in that order. */
export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
}

export interface FaultTable extends Faults {
  /** Uses up one time of the rule it meets. Rules for sockets are met by sockets alone. */
  take(path: string, isSocket?: boolean): readonly Fault[];
}

const NONE: readonly Fault[] = [];

export function createFaultTable(): FaultTable {
  let rules: { rule: FaultRule; left: number }[] = [];
  return {
    add: (rule) => {
      rules.push({ rule, left: rule.times ?? 1 });
    },
    clear: () => {
      rules = [];
    },
    take: (path, isSocket = false) => {
      if (rules.length === 0) return NONE;
      const met = rules.find(({ rule }) => fits(rule.path, path) && (isSocket || !isForSockets(rule)));
      if (!met) return NONE;
      met.left -= 1;
      if (met.left <= 0) rules = rules.filter((each) => each !== met);
      const { fault } = met.rule;
      return 'kind' in fault ? [fault] : fault;
    },
  };
}

/** `{path?, pathPattern?, times?, fault}` with `times: null` for all; throws TypeError for anything else. */
export function parseFaultRule(value: unknown): FaultRule {
  if (!isObject(value)) throw new TypeError('A fault rule is an object.');
  const { path, pathPattern, times, fault } = value;
  const list = Array.isArray(fault) ? fault : [fault];
  if (!list.every((each) => isObject(each) && typeof each['kind'] === 'string')) {
    throw new TypeError('`fault` is an object with a `kind`, or a list of them.');
  }
  const where = typeof pathPattern === 'string' ? new RegExp(pathPattern) : path;
  return {
    fault: list as unknown as readonly Fault[],
    times: times === null ? Infinity : typeof times === 'number' ? times : 1,
    ...(typeof where === 'string' || where instanceof RegExp ? { path: where } : {}),
  };
}

export function findFault<K extends Fault['kind']>(
  faults: readonly Fault[],
  kind: K,
): Extract<Fault, { kind: K }> | null {
  const found = faults.find((each) => each.kind === kind);
  return (found ?? null) as Extract<Fault, { kind: K }> | null;
}

function isForSockets({ fault }: FaultRule): boolean {
  return [fault].flat().some(({ kind }) => kind.startsWith('socket-'));
}

function fits(wanted: RegExp | string | undefined, path: string): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted === 'string') return path === wanted || path === `/v1${wanted}`;
  return wanted.test(path);
}
