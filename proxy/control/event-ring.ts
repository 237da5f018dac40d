import type { ControlEvent } from '../contract/events.ts';

/** So many events are kept for those who come back after a gap, and so many requests in them. */
const MAX_EVENTS = 1_000;
const MAX_REQUESTS = 5_000;

export interface KeptEvent {
  readonly number: number;
  readonly event: ControlEvent;
}

/** The latest events under rising numbers, bounded. */
export class EventRing {
  readonly #events: KeptEvent[] = [];
  #requests = 0;
  #last = 0;
  /** Everything after this number is here. */
  #completeSince = 0;

  get last(): number {
    return this.#last;
  }

  push(event: ControlEvent): void {
    this.#last += 1;
    this.#events.push({ number: this.#last, event });
    this.#requests += requestsIn(event);
    while (this.#events.length > MAX_EVENTS || this.#requests > MAX_REQUESTS) {
      const oldest = this.#events.shift();
      if (!oldest) break;
      this.#requests -= requestsIn(oldest.event);
      this.#completeSince = oldest.number;
    }
  }

  /** Says that something has happened that is in no event: whoever was there before has a gap. */
  breakOff(): void {
    this.#last += 1;
    this.#completeSince = this.#last;
    this.#events.length = 0;
    this.#requests = 0;
  }

  /** Those after a number; null when some of them are gone, or the number is none of ours. */
  after(number: number): readonly KeptEvent[] | null {
    if (number < this.#completeSince || number > this.#last) return null;
    const first = this.#events.findIndex((kept) => kept.number > number);
    return first < 0 ? [] : this.#events.slice(first);
  }
}

function requestsIn(event: ControlEvent): number {
  return event.kind === 'requests' ? event.requests.length : 0;
}
