import type { QueryClient } from '@tanstack/react-query';
import type { UseNavigateResult } from '@tanstack/react-router';

/** What a command may use. */
export interface CommandContext {
  readonly navigate: UseNavigateResult<string>;
  readonly queries: QueryClient;
}

/**
 * Something that the palette offers. A screen adds its own by a file `screens/<screen>/<screen>-commands.ts`
 * with `export const commands: readonly Command[]`; nothing else needs to know of it.
 */
export interface Command {
  /** Unique: `apps.create`. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly keywords?: readonly string[];
  run(context: CommandContext): void;
}

export interface CommandModule {
  readonly commands: readonly Command[];
}
