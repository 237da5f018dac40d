/** What a service runs, on every system. */
export interface ServicePlan {
  /** Node, and what it is given: full paths, because a service has no PATH of the user. */
  readonly command: readonly [program: string, ...args: string[]];
  /** `TOLLGATE_HOME`, where it is not the default. Nothing secret: others can read these files. */
  readonly env: Readonly<Record<string, string>>;
  /** For `--key-store env` on Linux: a file of the user's with `OPENAI_API_KEY=…`. */
  readonly environmentFile: string | null;
  /** Where what it prints goes on systems without a journal. */
  readonly outputPath: string;
}

export const SERVICE_DESCRIPTION = 'Tollgate: hard caps for what local programs spend at OpenAI';
/** Longer than an engine takes to let requests under way finish. */
export const STOP_SECONDS = 20;
