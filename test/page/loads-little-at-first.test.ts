import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const DIST = fileURLToPath(new URL('../../renderer/dist/', import.meta.url));
const OVERVIEW = 'src/screens/overview/overview-screen.tsx';
const CHART = 'src/components/time-chart.tsx';

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
}

const chunks: Readonly<Record<string, Chunk>> = JSON.parse(
  readFileSync(`${DIST}.vite/manifest.json`, 'utf8'),
);

/** The names of a chunk and of all that it cannot run without. */
function needed(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const other of chunks[name]?.imports ?? []) needed(other, found);
  return found;
}

function gzipped(names: Iterable<string>): number {
  return [...names].reduce((sum, name) => sum + gzipSync(readFileSync(DIST + chunks[name]!.file)).length, 0);
}

test('shows the overview after less than 300 kB of script', () => {
  const [entry = ''] = Object.keys(chunks).filter((name) => chunks[name]?.isEntry);
  const first = needed(OVERVIEW, needed(entry));
  const chart = [...needed(CHART)].filter((name) => !first.has(name));
  const bytes = gzipped(first);
  process.stdout.write(
    `first load ${Math.round(bytes / 1_000)} kB gzip, the chart after it ${Math.round(gzipped(chart) / 1_000)} kB\n`,
  );
  expect(bytes).toBeLessThan(300_000);
  expect(bytes, 'the whole page was found').toBeGreaterThan(100_000);
  expect(chart.length, 'the chart comes by itself').toBeGreaterThan(0);
});

test('carries no schema library and no word of the engine into the page', () => {
  const all = Object.values(chunks)
    .filter(({ file }) => file.endsWith('.js'))
    .map(({ file }) => readFileSync(DIST + file, 'utf8'))
    .join('\n');
  expect(all).not.toMatch(/ZodError|better-sqlite3|node:crypto/);
});
