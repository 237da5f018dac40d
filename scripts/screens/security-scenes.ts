import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scene } from './scene.ts';

/** A project in which somebody has left keys. No real ones: they are only as long. */
const LEFT_BEHIND = {
  '.env': `OPENAI_API_KEY=sk-proj-${'A1b2C3d4'.repeat(8)}\n`,
  'notebooks/try.py': `import openai\n\nopenai.api_key = "sk-svcacct-${'Z9y8X7w6'.repeat(6)}"\n`,
} as const;

export const scenes: readonly Scene[] = [
  { name: 'security', path: '/security', world: 'used' },
  {
    name: 'security-fix',
    path: '/security',
    world: 'used',
    variants: ['light'],
    async act(page) {
      await page
        .getByRole('button', { name: /a day$/ })
        .first()
        .click();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'security-scan',
    path: '/security',
    world: 'empty',
    async act(page) {
      const dir = await mkdtemp(join(tmpdir(), 'my-projects-'));
      await mkdir(join(dir, 'notebooks'));
      for (const [name, content] of Object.entries(LEFT_BEHIND)) await writeFile(join(dir, name), content);
      await page.getByText('A folder', { exact: true }).click();
      await page.getByLabel('Folder', { exact: true }).fill(dir);
      await page.getByRole('button', { name: 'Scan', exact: true }).click();
      await page.getByText('2 keys found').waitFor();
      await page.getByRole('row').last().scrollIntoViewIfNeeded();
      await page.waitForTimeout(300);
      await rm(dir, { recursive: true });
    },
  },
  {
    name: 'security-error',
    path: '/security',
    world: 'used',
    variants: ['light'],
    failing: ['checklist/list'],
  },
];
