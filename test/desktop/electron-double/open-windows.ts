/** Windows that are open, for whoever ends the app. */
interface ClosableWindow {
  close(): void;
  isDestroyed(): boolean;
}

export const openWindows = new Set<ClosableWindow>();

/** Whether all of them have let themselves be closed. */
export function closeAllWindows(): boolean {
  for (const window of [...openWindows]) window.close();
  return openWindows.size === 0;
}
