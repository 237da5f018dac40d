import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openTollgate } from '../helpers/open-tollgate.ts';
import { openPage } from './helpers/open-page.ts';

test('keeps what was read while the engine is gone, and notices the next one', {
  timeout: 60_000,
}, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tollgate-page-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const { page, origin, tollgate } = await openPage({
    dataDir,
    path: '/apps',
    async prepare({ createApp }) {
      await createApp('notebook', ['usd=1/day']);
    },
  });
  await page.getByRole('row', { name: /notebook/ }).waitFor();

  await tollgate.engine.close();
  await page.getByText('The engine does not answer').waitFor();
  await page.getByText('Not connected').waitFor();
  await page.getByText(/Next try in|Trying now/).waitFor();
  expect(await page.getByRole('row', { name: /notebook/ }).count(), 'what was read stays').toBe(1);

  // Sessions live in the memory of an engine, so the next one asks for a new link.
  const next = await openTollgate({
    dataDir,
    config: { dashboardPort: Number(new URL(origin).port) },
  });
  onTestFinished(() => next.close());
  await page.getByRole('heading', { name: 'This session has ended' }).waitFor();
  await page.getByText('npx tollgate open').waitFor();
});
