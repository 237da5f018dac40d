/** How long a window that is not painted, such as one in the background, waits instead of a frame. */
const HIDDEN_MS = 250;

/**
 * Gathers what comes in and hands it on once per painted frame, so that a burst of events costs one render.
 */
export class FrameBatches<Item> {
  readonly #apply: (items: readonly Item[]) => void;
  #items: Item[] = [];
  #isWaiting = false;

  constructor(apply: (items: readonly Item[]) => void) {
    this.#apply = apply;
  }

  add(item: Item): void {
    this.#items.push(item);
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    if (document.hidden) setTimeout(this.#flush, HIDDEN_MS);
    else {
      // A window that is hidden before its frame comes gets none until it is shown.
      const late = setTimeout(this.#flush, HIDDEN_MS);
      requestAnimationFrame(() => {
        clearTimeout(late);
        this.#flush();
      });
    }
  }

  readonly #flush = (): void => {
    this.#isWaiting = false;
    const items = this.#items;
    if (items.length === 0) return;
    this.#items = [];
    this.#apply(items);
  };
}
