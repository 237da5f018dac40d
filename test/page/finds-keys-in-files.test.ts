import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openPage } from './helpers/open-page.ts';

const PLANTED = `sk-proj-${'QwErTy12'.repeat(8)}`;

test('shows where a key stands in a file, and never the key', { timeout: 60_000 }, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tollgate-scan-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await mkdir(join(dir, 'app'));
  await writeFile(join(dir, 'app', '.env'), `# keys\nOPENAI_API_KEY=${PLANTED}\n`);
  await writeFile(join(dir, 'readme.md'), 'Nothing here.\n');
  const { page, problems } = await openPage({ path: '/security' });
  await page.getByText('A folder', { exact: true }).click();
  const folder = page.getByLabel('Folder', { exact: true });
  await folder.fill('app');
  await page.getByText('Give the whole path').waitFor();
  await folder.fill(dir);
  await page.getByRole('button', { name: 'Scan', exact: true }).click();
  await page.getByText('1 key found').waitFor();
  const row = page.getByRole('row', { name: /\.env/ });
  expect(await row.innerText()).toContain(`${join(dir, 'app', '.env')}:2:16`);
  expect(await row.innerText()).toContain(`(${PLANTED.length} characters)`);
  expect(await page.content()).not.toContain(PLANTED.slice(8, 24));
  expect(problems).toEqual([]);
});

test('stops a scan when it is told to', { timeout: 60_000 }, async () => {
  const { page, problems } = await openPage({ path: '/security' });
  await page.getByText('A folder', { exact: true }).click();
  await page.getByLabel('Folder', { exact: true }).fill('/usr');
  await page.getByRole('button', { name: 'Scan', exact: true }).click();
  await page.getByText(/files read…/).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText(/The scan was stopped after/).waitFor();
  await page.getByRole('button', { name: 'Scan again' }).waitFor();
  expect(problems).toEqual([]);
});
