import { createStore } from '../api/store.ts';

/** How often the palette was asked for; its code is fetched at the first time. */
export const paletteAsked = createStore(0);

export function openPalette(): void {
  paletteAsked.set(paletteAsked.get() + 1);
}
