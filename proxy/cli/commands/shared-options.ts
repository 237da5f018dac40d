import { type Command, InvalidArgumentError, Option } from 'commander';
import { KEY_STORES, type KeyStoreKind } from '../../contract/key-words.ts';
import { METRICS, WINDOWS } from '../../contract/limits.ts';
import type { ClientOptions } from '../control-client.ts';

/** Options of commands that may open the home themselves. */
export interface HomeOptions {
  readonly keyStore: KeyStoreKind;
  readonly upstream?: string;
  readonly json?: boolean;
}

export function keyStoreOption(): Option {
  return new Option('--key-store <store>', 'where the key is kept')
    .choices(KEY_STORES)
    .default('keychain')
    .env('TOLLGATE_KEY_STORE');
}

export function upstreamOption(): Option {
  return new Option('--upstream <url>', 'base URL of OpenAI (default: https://api.openai.com/v1)').env(
    'TOLLGATE_UPSTREAM',
  );
}

export function jsonOption(): Option {
  return new Option('--json', 'write JSON for scripts');
}

/** Adds what every command that talks to the engine takes; help leaves out what few need. */
export function withHomeOptions(command: Command): Command {
  return command
    .addOption(jsonOption())
    .addOption(keyStoreOption().hideHelp())
    .addOption(upstreamOption().hideHelp());
}

/** As {@link withHomeOptions}, for commands about the key. */
export function withKeyOptions(command: Command): Command {
  return command.addOption(keyStoreOption()).addOption(upstreamOption().hideHelp()).addOption(jsonOption());
}

export function clientOptions(options: HomeOptions): ClientOptions {
  return { keyStore: options.keyStore, upstream: options.upstream };
}

const HELP_WIDTH = 80;

/** Command lines and what they do, for the end of a help text. */
export function examples(command: Command, lines: readonly (readonly [line: string, what: string])[]): void {
  const width = Math.max(...lines.map(([line]) => line.length));
  const isNarrow = lines.every(([, what]) => 4 + width + what.length <= HELP_WIDTH);
  const text = lines.map(([line, what]) => {
    if (isNarrow) return `  ${line.padEnd(width)}  ${what}`.trimEnd();
    return what === '' ? `  ${line}` : `  # ${what}\n  ${line}`;
  });
  command.addHelpText('after', `\nExamples:\n${text.join('\n')}`);
}

/** What can be written in a limit; for commands that take one. */
export function explainLimits(command: Command): void {
  command.addHelpText(
    'after',
    `
A limit is METRIC=AMOUNT/WINDOW, such as usd=5/day or tokens=200k/hour.
  metrics  ${METRICS.join(', ')}
  windows  ${WINDOWS.join(', ')}`,
  );
}

/** Collects an option that may be given several times. */
export function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text.replaceAll('_', ''));
    if (!/^\d[\d_]*$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}
