import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openPage } from './helpers/open-page.ts';

test('writes the file of a tool after it was looked at, and puts it back', { timeout: 60_000 }, async () => {
  const userHome = await mkdtemp(join(tmpdir(), 'tollgate-home-'));
  onTestFinished(() => rm(userHome, { recursive: true, force: true }));
  const path = join(userHome, '.aider.conf.yml');
  const before = '# mine\nmodel: gpt-5.4\nopenai-api-key: sk-proj-AKeyThatStoodHereBefore1234\n';
  await writeFile(path, before, { mode: 0o644 });
  const { page, tollgate, problems } = await openPage({
    path: '/connect?tool=aider',
    config: { userHome },
    async prepare({ createApp }) {
      await createApp('coding', ['usd=1/day']);
    },
  });

  await page.getByRole('tab', { name: 'Write the file' }).click();
  await page.getByText('There already; it is kept as a backup').waitFor();
  await page.getByRole('button', { name: 'Write the file for me' }).click();
  const dialog = page.getByRole('dialog', { name: 'Write the file of aider' });
  const diff = dialog.getByRole('region', { name: 'Change of the file' });
  await diff.waitFor();
  const lines = (await diff.innerText()).split('\n').join(' ');
  expect(lines).toContain(`openai-api-base: ${tollgate.baseUrl}`);
  expect(lines, 'the secret of somebody else is masked').not.toContain('AKeyThatStoodHere');
  expect(await readFile(path, 'utf8'), 'looking writes nothing').toBe(before);

  await dialog.getByRole('button', { name: 'Write it' }).click();
  await page.getByText('The file is written').waitFor();
  const backup = `${path}.before-tollgate`;
  await page.getByText(backup).waitFor();
  const written = await readFile(path, 'utf8');
  expect(written).toContain('# mine\nmodel: gpt-5.4\n');
  const token = /openai-api-key: (tg_\S+)/.exec(written)?.[1] ?? '';
  expect(await readFile(backup, 'utf8')).toBe(before);
  const answer = await tollgate.post(token, '/responses', { model: 'gpt-5.4-mini', input: 'Say hello' });
  expect(answer.status, 'the token in the file works').toBe(200);
  expect(await page.content(), 'and is not in the page').not.toContain(token);

  await page.getByRole('button', { name: 'Restore' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await page.getByText('The file is as it was').waitFor();
  expect(await readFile(path, 'utf8')).toBe(before);
  expect(existsSync(backup)).toBe(false);
  expect(problems).toEqual([]);
});
