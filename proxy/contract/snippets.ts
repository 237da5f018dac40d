import { z } from 'zod';

export const snippetSchema = z.object({
  id: z.string(),
  title: z.string(),
  language: z.enum(['sh', 'powershell', 'python', 'javascript', 'json', 'toml', 'yaml', 'text']),
  /** Ready to be copied; the app token is in it where one was given, else `tg_YOUR_APP_TOKEN`. */
  text: z.string(),
});

/** A file that Tollgate can write for a tool. */
export const toolFileSchema = z.object({
  path: z.string(),
  /** `absent`; `written` by us and untouched since; `foreign` is somebody else's, or was changed since. */
  state: z.enum(['absent', 'written', 'foreign']),
  /** Whether it can be put back as it was before. */
  canRestore: z.boolean(),
  /** Whether it gets the app token; else it names an environment variable that holds it. */
  holdsToken: z.boolean(),
});

export const toolSchema = z.object({
  id: z.string(),
  name: z.string(),
  category: z.enum(['run', 'sdk', 'framework', 'agent', 'editor', 'app', 'container']),
  /** `works` with what is below; `by-hand` in its own settings; `impossible` says why in its note. */
  support: z.enum(['works', 'by-hand', 'impossible']),
  /** Whether it was found on this machine; null when that cannot be told. */
  installed: z.boolean().nullable(),
  /** What to know first; empty where there is nothing. */
  note: z.string(),
  snippets: z.array(snippetSchema),
  file: toolFileSchema.nullable(),
  tryIt: z.object({
    possible: z.boolean(),
    /** Why not, or what it does. */
    detail: z.string(),
    /** What it can spend at most. */
    capNanoUsd: z.int().min(0),
  }),
});
export type Tool = z.infer<typeof toolSchema>;

/** What writing a file of a tool would do, or has done. Secrets of others in it are masked. */
export const fileChangeSchema = z.object({
  path: z.string(),
  /** Null when there is no file yet. */
  before: z.string().nullable(),
  after: z.string(),
  /** Where the file was kept as it was; null when there was none, or nothing was written. */
  backup: z.string().nullable(),
  written: z.boolean(),
  /** The app token, when one was made for this; shown this once. */
  token: z.string().nullable(),
});
export type FileChange = z.infer<typeof fileChangeSchema>;

/** How one small request went that was sent in the way of a tool. */
export const tryResultSchema = z.object({
  ok: z.boolean(),
  /** What was run, the app token masked. */
  command: z.string(),
  /** What it printed, at most 4,000 characters. */
  output: z.string(),
  durationMs: z.int(),
  /** The request it made; null when none arrived. */
  requestId: z.string().nullable(),
  costNanoUsd: z.int().nullable(),
});
export type TryResult = z.infer<typeof tryResultSchema>;
