/** Something that happened and that the user should know. `detail` is short and holds nothing secret. */
export interface FindingRecord {
  readonly finding: string;
  readonly appNum: number | null;
  readonly detail: string;
  /** What tells two findings of the same kind and app apart. */
  readonly about?: string;
}

/** Where findings go: the ledger, the log, later the desktop and a webhook. */
export interface FindingPort {
  deliver(finding: FindingRecord, atMs: number): void;
}

/** The same finding of the same app is told once in this time; a loop must not become a flood. */
const QUIET_MS = 60_000;
const MAX_REMEMBERED = 1_000;

/** Passes findings on, each kind for each app at most once a minute. */
export class FindingLog {
  readonly #ports: readonly FindingPort[];
  readonly #now: () => number;
  readonly #toldAtMs = new Map<string, number>();

  constructor(ports: readonly FindingPort[], now: () => number) {
    this.#ports = ports;
    this.#now = now;
  }

  report(finding: FindingRecord): void {
    const key = `${finding.finding} ${finding.appNum ?? ''} ${finding.about ?? ''}`;
    const nowMs = this.#now();
    const before = this.#toldAtMs.get(key);
    if (before !== undefined && nowMs >= before && nowMs - before < QUIET_MS) return;
    if (this.#toldAtMs.size >= MAX_REMEMBERED) this.#toldAtMs.clear();
    this.#toldAtMs.set(key, nowMs);
    for (const port of this.#ports) port.deliver(finding, nowMs);
  }
}
