import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { assemblePriceBook } from './price-book/assemble-price-book.ts';
import { priceOverlaySchema } from './price-book/price-overlay.ts';
import { readSeed } from './price-book/read-seed.ts';

/*
 * Builds proxy/pricing/price-book.json from genai-prices and proxy/pricing/price-overlay.json.
 *
 *   node scripts/build-price-book.ts [--check] [--date YYYY-MM-DD] [--overlay FILE] [--out FILE]
 *
 * --check compares the bytes instead of writing and exits with 1 where they differ. --date picks the prices
 * that hold on that UTC day; without it, the day of the overlay, so that a build of the same inputs is the
 * same file on any day.
 */

const PRICING = new URL('../proxy/pricing/', import.meta.url);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      date: { type: 'string' },
      overlay: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const out = values.out ?? new URL('price-book.json', PRICING);
  const overlayFile = values.overlay ?? new URL('price-overlay.json', PRICING);
  const overlay = priceOverlaySchema.parse(JSON.parse(await readFile(overlayFile, 'utf8')));
  const date = z.iso.date('--date wants a day as YYYY-MM-DD.').parse(values.date ?? overlay.asOf);
  await requireSeedVersion(overlay.seed.package, overlay.seed.version);
  const book = assemblePriceBook(overlay, readSeed(date), date);
  const text = `${JSON.stringify(book, null, 2)}\n`;
  const summary = `${book.models.length} models as of ${book.asOf}`;
  if (!values.check) {
    await writeFile(out, text);
    process.stdout.write(`price-book.json: ${summary}\n`);
    return 0;
  }
  if ((await readFile(out, 'utf8')) === text) {
    process.stdout.write(`price-book.json is up to date: ${summary}\n`);
    return 0;
  }
  process.stderr.write(
    'price-book.json is not what its sources make.\nhint: node scripts/build-price-book.ts\n',
  );
  return 1;
}

/** The overlay was written against one version; another may have other entries under the same names. */
async function requireSeedVersion(name: string, version: string): Promise<void> {
  const manifest = new URL('../package.json', import.meta.resolve(name));
  const installed = z.object({ version: z.string() }).parse(JSON.parse(await readFile(manifest, 'utf8')));
  if (installed.version === version) return;
  throw new Error(`${name} ${installed.version} is installed; the overlay was written for ${version}.`);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const text = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    process.stderr.write(`build-price-book: ${text}\n`);
    process.exitCode = 1;
  },
);
