import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { readPrivateFile, removePrivateFile, writePrivateFile } from '../../../proxy/keys/private-file.ts';

const ROUNDS = 12;
const BYTES = 60_000;

/** Writes the file over and over, all `a` and all `b` in turn, until it is killed. */
const PROGRAM = `
import { writePrivateFile } from ${JSON.stringify(new URL('../../../proxy/keys/private-file.ts', import.meta.url).href)};
process.stdout.write('begin');
for (let round = 0; ; round += 1) {
  await writePrivateFile(process.argv[1], Buffer.alloc(${BYTES}, round % 2 === 0 ? 'a' : 'b'));
}
`;

test('killed at any moment, it leaves the old file or the new one, whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-keys-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const filePath = join(folder, 'openai.key.json');
  await writePrivateFile(filePath, Buffer.alloc(BYTES, 'a'));
  for (let round = 0; round < ROUNDS; round += 1) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, filePath], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    await delay(Math.random() * 30);
    child.kill('SIGKILL');
    await exited;
    const contents = await readPrivateFile(filePath);
    expect(contents?.length).toBe(BYTES);
    expect(new Set(contents).size).toBe(1);
  }
  expect(await removePrivateFile(filePath)).toBe(true);
  expect(await readdir(folder)).toEqual([]);
});
