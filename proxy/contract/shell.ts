import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { call } from './call.ts';

export const shellAboutSchema = z.object({
  version: z.string(),
  electron: z.string(),
  chromium: z.string(),
  node: z.string(),
  platform: z.string(),
  arch: z.string(),
  /** Whether it was installed, and does not run from a clone. */
  packaged: z.boolean(),
});
export type ShellAbout = z.infer<typeof shellAboutSchema>;

const problem = z.object({ code: z.string(), message: z.string(), hint: z.string() });

export const shellStateSchema = z.object({
  engine: z.object({
    state: z.enum(['starting', 'running', 'restarting', 'stopping']),
    /** Whether it belongs to somebody else, such as `tollgate serve`, and stays when the app quits. */
    attached: z.boolean(),
    /** Why it ended or does not start. */
    problem: problem.nullable(),
    /** When it is started again, ISO 8601. */
    retryAt: z.string().nullable(),
    /** How often it has ended unexpectedly since the app was started. */
    restarts: z.int(),
  }),
  autostart: z.object({
    /** What the system is going to do, which may differ from the setting. */
    enabled: z.boolean(),
    /** Why it cannot be switched on; null when it can. */
    unsupported: z.string().nullable(),
    /** What is left to do for the user; null when nothing is. */
    hint: z.string().nullable(),
  }),
  tray: z.object({
    /** Whether the system shows a tray; null where that cannot be told. */
    available: z.boolean().nullable(),
  }),
  updates: z.object({
    state: z.enum(['off', 'idle', 'checking', 'available', 'downloading', 'ready', 'failed']),
    /** Of the update. */
    version: z.string().nullable(),
    percent: z.number().nullable(),
    /** Why there are none, or what failed. */
    detail: z.string().nullable(),
  }),
});
export type ShellState = z.infer<typeof shellStateSchema>;

/**
 * What only the desktop can do, served by its main process at `/shell` of the page's own origin. Settings
 * of the desktop are not here: they are in `settings.desktop` of the control contract.
 */
export const shellContract = oc.router({
  about: call('Versions of the app and of what it is built on').output(shellAboutSchema),
  state: call('How the app and its engine are').output(shellStateSchema),
  /** The state of now first of all. */
  follow: call('The same, whenever it changes').output(eventIterator(shellStateSchema)),
  restartEngine: call('Start the engine now instead of at the next try').output(shellStateSchema),
  openLogs: call('Show the folder with the log files').output(z.object({ opened: z.boolean() })),
  checkForUpdates: call('Ask whether there is a newer version').output(shellStateSchema),
  downloadUpdate: call('Fetch the version that was found').output(shellStateSchema),
  installUpdate: call('Quit, install what was fetched, and start again').output(shellStateSchema),
  testNotification: call('Show one notification').output(z.object({ shown: z.boolean() })),
});
export type ShellContract = typeof shellContract;
