import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { generateLedger } from '../bench/generate-ledger.ts';
import { openPage } from './helpers/open-page.ts';

const ROWS = 10_000;

test('scrolls through 10,000 requests with few of them in the page', { timeout: 120_000 }, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tollgate-log-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const made = generateLedger(dataDir, ROWS, Date.now());
  const { page, problems } = await openPage({ dataDir, path: '/requests' });
  const grid = page.getByRole('grid', { name: 'Requests' });
  const rows = grid.getByRole('row');
  await rows.nth(5).waitFor();

  let most = 0;
  for (let turn = 0; turn < 400; turn += 1) {
    most = Math.max(most, await rows.count());
    if ((await grid.getAttribute('aria-rowcount')) === String(made + 1)) break;
    await grid.evaluate((scroll) => {
      scroll.scrollTop = scroll.scrollHeight;
    });
    await page.waitForTimeout(60);
  }
  await grid.getByText(`${made.toLocaleString('en')} requests, down to the first.`).waitFor();
  most = Math.max(most, await rows.count());
  expect(most, 'rows in the page at once').toBeLessThan(60);
  expect(problems).toEqual([]);
});
