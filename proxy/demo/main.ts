import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { priceBookSchema } from '../contract/prices.ts';
import { openSimulatedOpenAi } from './simulated-openai.ts';

/*
 * The simulated OpenAI as a process of its own:
 *   node proxy/demo/main.ts --key K [--port N] [--tokens-per-second N] [--first-token-ms N] [--prices FILE]
 * Prints one line of JSON when it is ready and ends on SIGTERM or SIGINT.
 */
const { values } = parseArgs({
  options: {
    key: { type: 'string' },
    port: { type: 'string', default: '0' },
    'tokens-per-second': { type: 'string', default: '200' },
    'first-token-ms': { type: 'string', default: '0' },
    prices: { type: 'string' },
  },
});

if (values.key === undefined || values.key === '') {
  process.stderr.write(
    'usage: main.ts --key KEY [--port N] [--tokens-per-second N] [--first-token-ms N] [--prices FILE]\n',
  );
  process.exit(2);
}

const count = (name: 'port' | 'tokens-per-second' | 'first-token-ms'): number => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 0) return value;
  process.stderr.write(`--${name} is a whole number\n`);
  process.exit(2);
};

const pricesFile = values.prices ?? new URL('../pricing/price-book.json', import.meta.url);
const simulation = await openSimulatedOpenAi({
  key: values.key,
  prices: priceBookSchema.parse(JSON.parse(await readFile(pricesFile, 'utf8'))),
  port: count('port'),
  tokensPerSecond: count('tokens-per-second'),
  firstTokenMs: count('first-token-ms'),
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void simulation.close());
process.stdout.write(`${JSON.stringify({ baseUrl: simulation.baseUrl, pid: process.pid })}\n`);
