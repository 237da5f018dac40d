import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';
import { commandEnv, LAUNCHER } from '../../helpers/tollgate-command.ts';

let commands: CommandHome;
beforeAll(async () => {
  commands = await openCommandHome();
});
afterAll(() => commands.close());

/** Starts a command under `run`, and resolves when it has written its first line. */
async function start(script: string) {
  const child = spawn(process.execPath, [LAUNCHER, 'run', '--quiet', '--', 'node', '-e', script], {
    env: commandEnv(commands),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  await once(reader, 'line');
  return { child, lines, exited: once(child, 'close') };
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

test.each(SIGNALS)('%s reaches a command that handles it, whose exit code counts', async (signal) => {
  const { child, lines, exited } = await start(`
    process.on('${signal}', () => { console.log('got ${signal}'); process.exit(42); });
    setInterval(() => undefined, 1000);
    console.log('ready');`);
  child.kill(signal);
  expect(await exited).toEqual([42, null]);
  expect(lines).toEqual(['ready', `got ${signal}`]);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s ends a command that does not: exit code %i', async (signal, code) => {
  const { child, exited } = await start(`setInterval(() => undefined, 1000); console.log('ready');`);
  child.kill(signal);
  expect(await exited).toEqual([code, null]);
});

test('a command may outlive a signal', async () => {
  const { child, lines, exited } = await start(`
    process.on('SIGINT', () => { console.log('not yet'); setTimeout(() => process.exit(0), 50); });
    setInterval(() => undefined, 1000);
    console.log('ready');`);
  child.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
  expect(lines).toEqual(['ready', 'not yet']);
});
