import type { JournalEntry } from './ledger/entries.ts';
import type { LastSeen, TokenRecord } from './ledger/records.ts';

/** When each app and each token sent its latest request; counted along, so that a list needs no query. */
export class Activity {
  readonly #apps = new Map<number, number>();
  readonly #tokens = new Map<number, number>();

  constructor(seen: readonly LastSeen[], tokens: readonly TokenRecord[]) {
    for (const { num, atMs } of seen) if (atMs !== null) this.#apps.set(num, atMs);
    for (const { id, lastUsedAtMs } of tokens) if (lastUsedAtMs !== null) this.#tokens.set(id, lastUsedAtMs);
  }

  add(entry: JournalEntry): void {
    if (entry.kind !== 'hold' && entry.kind !== 'refusal') return;
    this.#apps.set(entry.appNum, entry.atMs);
    this.#tokens.set(entry.tokenId, entry.atMs);
  }

  ofApp(num: number): number | null {
    return this.#apps.get(num) ?? null;
  }

  ofToken(id: number): number | null {
    return this.#tokens.get(id) ?? null;
  }
}
