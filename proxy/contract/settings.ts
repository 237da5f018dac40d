import { z } from 'zod';

/** What the engine, the desktop and the dashboard remember for the user. */
export const settingsSchema = z.object({
  engine: z.object({
    /** Null takes the default; an option of `serve` goes before it. In force after a restart. */
    port: z.int().min(0).max(65_535).nullable(),
    dashboardPort: z.int().min(0).max(65_535).nullable(),
    /** IANA zone of days, weeks and months; null takes the system's. In force after a restart. */
    zone: z.string().max(64).nullable(),
    /** How long a request may wait for budget held by others; null takes the default. After a restart. */
    queueMs: z.int().min(0).max(600_000).nullable(),
  }),
  desktop: z.object({
    autostart: z.boolean(),
    closeToTray: z.boolean(),
    /** Whether it was said that closing the window leaves Tollgate in the tray. */
    toldOfTray: z.boolean(),
    dockIcon: z.boolean(),
    updates: z.enum(['auto', 'notify', 'manual']),
  }),
  dashboard: z.object({
    theme: z.enum(['auto', 'light', 'dark']),
    /** Dates in the engine's zone or in UTC. */
    time: z.enum(['local', 'utc']),
    /** Null until the first steps were finished or left. */
    onboardedAt: z.string().max(40).nullable(),
  }),
});
export type Settings = z.infer<typeof settingsSchema>;

export const settingsPatchSchema = z.object({
  engine: settingsSchema.shape.engine.partial().optional(),
  desktop: settingsSchema.shape.desktop.partial().optional(),
  dashboard: settingsSchema.shape.dashboard.partial().optional(),
});
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

export const settingsViewSchema = settingsSchema.extend({
  /** Whether what is set for the engine is not what it runs with. */
  restartNeeded: z.boolean(),
});
