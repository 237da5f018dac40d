import { type Command, InvalidArgumentError, Option } from 'commander';
import { KEY_STORES, type KeyStoreKind } from '../../contract/key-words.ts';
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

/** Adds what every command that talks to the engine takes. */
export function withHomeOptions(command: Command): Command {
  return command.addOption(keyStoreOption()).addOption(upstreamOption().hideHelp()).addOption(jsonOption());
}

export function clientOptions(options: HomeOptions): ClientOptions {
  return { keyStore: options.keyStore, upstream: options.upstream };
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
