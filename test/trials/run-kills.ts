/**
 * `npm run kills -- [COUNT]`: kill -9 at random moments under load, that many times on one data folder; the
 * same test as in `npm test`, which plays a few.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const child = spawn(process.execPath, [vitest, 'run', 'test/fault/loses-nothing-in-random-kills.test.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TOLLGATE_KILLS: process.argv[2] ?? '1000' },
});
const [code] = (await once(child, 'exit')) as [number | null];
process.exitCode = code ?? 1;
