import { defineText } from './define-text.ts';

/** How an app stands, on every screen that shows apps. */
export const appStateText = defineText('app-state', {
  states: { enforce: 'Enforcing', observe: 'Observing', over: 'Over its cap', paused: 'Paused' },
});
