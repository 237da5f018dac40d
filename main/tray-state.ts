/** What the tray icon says, the worst first wins; each is a set of icons in main/icons. */
export const TRAY_STATES = ['normal', 'warning', 'over', 'paused', 'offline'] as const;
export type TrayState = (typeof TRAY_STATES)[number];
