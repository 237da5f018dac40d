import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assemblePriceBook } from '../../../scripts/price-book/assemble-price-book.ts';
import { type PriceOverlay, priceOverlaySchema } from '../../../scripts/price-book/price-overlay.ts';
import { readSeed } from '../../../scripts/price-book/read-seed.ts';
import { scaleDecimal } from '../../../scripts/price-book/scale-decimal.ts';

const PRICING = new URL('../../../proxy/pricing/', import.meta.url);
const BUILDER = fileURLToPath(new URL('../../../scripts/build-price-book.ts', import.meta.url));
const overlay = priceOverlaySchema.parse(
  JSON.parse(await readFile(new URL('price-overlay.json', PRICING), 'utf8')),
);

describe('the builder', () => {
  const run = promisify(execFile);
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'price-book-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('finds the committed book up to date', async () => {
    const { stdout } = await run(process.execPath, [BUILDER, '--check']);
    expect(stdout).toContain('up to date');
  });

  it('fails the check when one rate was edited by hand', async () => {
    const edited = join(folder, 'edited.json');
    const text = await readFile(new URL('price-book.json', PRICING), 'utf8');
    await writeFile(edited, text.replace('"output": 40000000000', '"output": 4000000000'));
    await expect(run(process.execPath, [BUILDER, '--check', '--out', edited])).rejects.toMatchObject({
      code: 1,
    });
  });

  it('takes the prices that hold on the day asked for', () => {
    const before = assemblePriceBook(overlay, readSeed('2026-08-20'), '2026-08-20');
    expect(before.asOf).toBe('2026-08-20');
    const row = before.models.find(({ model }) => model === 'gpt-5.6-sol');
    expect(row?.rates).toEqual({
      input: 5_000_000_000,
      cachedInput: 500_000_000,
      cacheWrite30m: 6_250_000_000,
      output: 30_000_000_000,
    });
  });

  it.each([
    [
      'an entry of genai-prices that is neither used nor dropped',
      (o: PriceOverlay) => ({ ...o, rows: o.rows.filter(({ model }) => model !== 'o3-pro') }),
      /o3-pro.*neither uses nor drops/,
    ],
    [
      'a name that two rows have',
      (o: PriceOverlay) => ({
        ...o,
        rows: [...o.rows, { ...firstRow(o), model: 'new', aliases: ['gpt-5'] }],
      }),
      /gpt-5 is a name of/,
    ],
    [
      'a corrected rate without a note',
      (o: PriceOverlay) => ({
        ...o,
        rows: o.rows.map((row) => (row.model === 'o3-pro' ? { ...row, usd: { input: '19' } } : row)),
      }),
      /o3-pro: a corrected input needs a note/,
    ],
    [
      'a row without a source',
      (o: PriceOverlay) => ({ ...o, rows: o.rows.map(({ sources: _, ...row }) => row) }),
      /gpt-6\.2-sol: rates need sources/,
    ],
    [
      'a fee that is not the one of the models',
      (o: PriceOverlay) => ({ ...o, tools: { ...o.tools, webSearchCall: '0.025' } }),
      /webSearchCall fee of its own/,
    ],
  ])('refuses %s', (_, change, message) => {
    expect(() => assemblePriceBook(change(overlay), readSeed(overlay.asOf), overlay.asOf)).toThrow(message);
  });

  it('reads decimals exactly or not at all', () => {
    expect(scaleDecimal('0.075', 9)).toBe(75_000_000);
    expect(scaleDecimal('1.1', 9)).toBe(1_100_000_000);
    expect(scaleDecimal('150', 9)).toBe(150_000_000_000);
    expect(scaleDecimal('0.0000000010', 9)).toBe(1);
    for (const text of ['0.0000000001', '1e-7', '-1', '.5', '', '9007200']) {
      expect(() => scaleDecimal(text, 9), text).toThrow();
    }
  });
});

function firstRow(o: PriceOverlay): PriceOverlay['rows'][number] {
  const [row] = o.rows;
  if (!row) throw new Error('The overlay has no rows.');
  return row;
}
