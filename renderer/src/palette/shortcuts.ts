import { useEffect, useRef } from 'react';
import { createStore } from '../api/store.ts';

export interface Shortcut {
  /** One key such as `j`, `/`, `?`, or two after one another such as `g o`. */
  readonly keys: string;
  readonly label: string;
  run(): void;
}

/** How long the first key of two counts. */
const CHORD_MS = 1_200;

/** Those of what is on the screen, the latest first; the cheat sheet lists them. */
export const shortcuts = createStore<readonly (readonly Shortcut[])[]>([]);

/** Keys that work while this component is on the screen; never while somebody types or a dialog is open. */
export function useShortcuts(list: readonly Shortcut[]): void {
  const latest = useRef(list);
  useEffect(() => {
    latest.current = list;
  });
  const names = list.map(({ keys }) => keys).join();
  useEffect(() => {
    if (names === '') return undefined;
    // Looked up when pressed: what a key does may change at every render, and which keys there are may not.
    const entry = latest.current.map(({ keys, label }) => ({
      keys,
      label,
      run: () => latest.current.find((shortcut) => shortcut.keys === keys)?.run(),
    }));
    shortcuts.set([entry, ...shortcuts.get()]);
    return () => shortcuts.set(shortcuts.get().filter((other) => other !== entry));
  }, [names]);
}

let first: { readonly key: string; readonly atMs: number } | null = null;

/** Listens for all of them. To be called once. */
export function listenForShortcuts(): void {
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Shift' || isTyping(event.target) || isDialogOpen()) return;
    const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const chord = first !== null && Date.now() - first.atMs < CHORD_MS ? `${first.key} ${pressed}` : null;
    const all = shortcuts.get().flat();
    const found = all.find(({ keys }) => keys === chord) ?? all.find(({ keys }) => keys === pressed);
    first = null;
    if (found) {
      if (isOwnKey(event)) return;
      event.preventDefault();
      found.run();
    } else if (all.some(({ keys }) => keys.startsWith(`${pressed} `))) {
      first = { key: pressed, atMs: Date.now() };
    }
  });
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, textarea, select, [role="textbox"]') !== null;
}

/** Enter on a button or a link is theirs. */
function isOwnKey({ key, target }: KeyboardEvent): boolean {
  if (key !== 'Enter') return false;
  return target instanceof HTMLElement && target.closest('button, a, [role="button"], summary') !== null;
}

function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]') !== null;
}
