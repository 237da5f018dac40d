import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { CANARY } from './keychain-protocol.ts';

const linuxTest = test.skipIf(process.platform !== 'linux');

/** Opens the env store, tells that it did, and on the next line shows what a child of its own inherits. */
const PROGRAM = `
import { execFileSync } from 'node:child_process';
import { EnvStore } from ${JSON.stringify(new URL('../../../proxy/keys/env-store.ts', import.meta.url).href)};
const store = new EnvStore(process.env);
process.stdout.write('open ' + (await store.get()).length + '\\n');
process.stdin.once('data', () => {
  process.stdout.write(execFileSync('/usr/bin/env').toString());
  process.stdin.destroy();
});
`;

linuxTest('T4 I5 the key of the environment is in no /proc file of the process and in no child', async () => {
  const env = { BEFORE: 'stays', OPENAI_API_KEY: CANARY, AFTER: 'stays too' };
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  expect(String(line)).toBe(`open ${CANARY.length}\n`);
  for (const file of ['environ', 'cmdline']) {
    expect(await readFile(`/proc/${child.pid}/${file}`, 'latin1')).not.toContain(CANARY.slice(8, 20));
  }
  const environ = await readFile(`/proc/${child.pid}/environ`, 'latin1');
  expect(environ).toContain('BEFORE=stays\0');
  expect(environ).toContain('AFTER=stays too\0');

  child.stdin.end('go on\n');
  const [inherited] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  expect(inherited).toContain('BEFORE=stays\n');
  expect(inherited).toContain('AFTER=stays too\n');
  expect(inherited).not.toContain('OPENAI_API_KEY');
});

linuxTest('the check above sees a key that is not hidden', async () => {
  const child = spawn('sleep', ['5'], { env: { OPENAI_API_KEY: CANARY } });
  await once(child, 'spawn');
  await expect.poll(() => readFile(`/proc/${child.pid}/environ`, 'latin1')).toContain(CANARY);
  child.kill();
});
