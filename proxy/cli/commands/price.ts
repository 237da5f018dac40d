import type { Command } from 'commander';
import { AppError } from '../../contract/errors.ts';
import { exactUsd, parseUsd } from '../../contract/money.ts';
import type { PriceRates, PriceRow } from '../../contract/prices.ts';
import { withClient } from '../control-client.ts';
import { EXIT, printJson, printLine, printTable, say } from '../terminal.ts';
import { clientOptions, examples, type HomeOptions, wholeNumber, withHomeOptions } from './shared-options.ts';

interface SetOptions extends HomeOptions {
  readonly input?: string;
  readonly cached?: string;
  readonly output?: string;
  readonly audioInput?: string;
  readonly audioOutput?: string;
  readonly minute?: string;
  readonly characters?: string;
  readonly context?: number;
  readonly maxOutputTokens?: number;
}

export function addPriceCommands(program: Command): void {
  const price = program.command('price').description('what models cost, and prices of your own');
  examples(price, [
    ['tollgate price list gpt-5.4-mini', ''],
    ['tollgate price set my-model --input 2.50 --output 10', 'dollars per million tokens'],
    ['tollgate price unset my-model', ''],
  ]);

  withHomeOptions(
    price.command('list [model]').description('list what models cost, in dollars per million tokens'),
  ).action(async (model: string | undefined, options: HomeOptions) => {
    const listed = await withClient(clientOptions(options), (client) =>
      client.prices.list(model === undefined ? {} : { model }),
    );
    if (options.json) printJson(listed);
    else if (listed.prices.length === 0) {
      say(`There is no price for ${model ?? 'any model'}.`);
      say(`hint: Set one with \`tollgate price set ${model ?? 'MODEL'} --input USD --output USD\`.`);
    } else showPrices(listed.prices, listed.asOf);
    if (listed.prices.length === 0) process.exitCode = EXIT.failed;
  });

  const set = withHomeOptions(
    price.command('set <model>').description('set a price of your own, which goes before the built-in one'),
  )
    .option('--input <usd>', 'dollars per million input tokens')
    .option('--cached <usd>', 'dollars per million cached input tokens')
    .option('--output <usd>', 'dollars per million output tokens')
    .option('--audio-input <usd>', 'dollars per million audio input tokens')
    .option('--audio-output <usd>', 'dollars per million audio output tokens')
    .option('--minute <usd>', 'dollars per minute of audio')
    .option('--characters <usd>', 'dollars per million characters of speech')
    .option('--context <tokens>', 'context window', wholeNumber(1, 100_000_000))
    .option('--max-output-tokens <n>', 'the most output tokens of one answer', wholeNumber(0, 100_000_000))
    .action(async (model: string, options: SetOptions) => {
      const rates: PriceRates = {
        ...rate('input', options.input),
        ...rate('cachedInput', options.cached),
        ...rate('output', options.output),
        ...rate('audioInput', options.audioInput),
        ...rate('audioOutput', options.audioOutput),
        ...rate('minute', options.minute),
        ...rate('characters', options.characters),
      };
      const row = await withClient(clientOptions(options), (client) =>
        client.prices.set({
          model,
          rates,
          ...(options.context === undefined ? {} : { contextTokens: options.context }),
          ...(options.maxOutputTokens === undefined ? {} : { maxOutputTokens: options.maxOutputTokens }),
        }),
      );
      if (options.json) printJson(row);
      else showPrices([row], row.asOf);
    });
  examples(set, [['tollgate price set my-model --input 2.50 --output 10', '']]);

  withHomeOptions(
    price.command('unset <model>').description('remove a price of your own, so that the built-in one holds'),
  ).action(async (model: string, options: HomeOptions) => {
    const unset = await withClient(clientOptions(options), (client) => client.prices.unset({ model }));
    if (options.json) printJson(unset);
    else printLine(`Removed your price for ${unset.model}.`);
  });
}

function rate(name: keyof PriceRates, text: string | undefined): PriceRates {
  if (text === undefined) return {};
  const nano = parseUsd(text);
  if (nano === null) {
    throw new AppError('price_malformed', { problem: `"${text.slice(0, 40)}" is not an amount of dollars` });
  }
  return { [name]: nano };
}

function showPrices(prices: readonly PriceRow[], asOf: string): void {
  const show = (value: number | undefined): string => (value === undefined ? '—' : exactUsd(value));
  printTable(
    [
      { title: 'MODEL' },
      { title: 'INPUT', align: 'right' },
      { title: 'CACHED', align: 'right' },
      { title: 'OUTPUT', align: 'right' },
      { title: 'OTHER' },
      { title: 'SOURCE' },
    ],
    prices.map(({ model, rates, source }) => [
      model,
      show(rates.input),
      show(rates.cachedInput),
      show(rates.output),
      otherRates(rates),
      source,
    ]),
  );
  say(`USD per million tokens, standard tier, as of ${asOf}.`);
}

function otherRates(rates: PriceRates): string {
  const parts: string[] = [];
  const add = (title: string, value: number | undefined): void => {
    if (value !== undefined) parts.push(`${title} ${exactUsd(value)}`);
  };
  add('audio in', rates.audioInput);
  add('audio out', rates.audioOutput);
  add('image in', rates.imageInput);
  add('image out', rates.imageOutput);
  add('per minute', rates.minute);
  add('per 1M characters', rates.characters);
  return parts.join(', ');
}
