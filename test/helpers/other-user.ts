import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A user and group that exist on no machine. */
const OTHER = 12_345;

/** Only root can become somebody else. Says so where a test has to be skipped for it. */
export function canBecomeOther(): boolean {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) process.stderr.write('skipped: only root can start a program of another user\n');
  return isRoot;
}

/** Runs a script of plain JavaScript as another user; resolves to what it printed. */
export async function runAsOther(script: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=commonjs', '-e', script, '--', ...args], {
    uid: OTHER,
    gid: OTHER,
    cwd: '/',
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('latin1');
  });
  await once(child, 'close');
  return output;
}

export { OTHER as OTHER_UID };
