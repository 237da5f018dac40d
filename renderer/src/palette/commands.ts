import type { QueryClient } from '@tanstack/react-query';
import type { UseNavigateResult } from '@tanstack/react-router';
import type { AppView } from '../../../proxy/contract/apps.ts';

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

/** A command that the palette offers once for each app: `Pause notebook`. */
export interface AppCommand {
  /** Unique among these: `apps.pause`. */
  readonly id: string;
  /** Null where it makes no sense for this app. */
  label(app: AppView): string | null;
  run(context: CommandContext, app: AppView): void;
}

export interface CommandModule {
  readonly commands: readonly Command[];
  readonly appCommands?: readonly AppCommand[];
}
