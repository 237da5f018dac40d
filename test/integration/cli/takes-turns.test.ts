import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';
import { commandEnv, LAUNCHER } from '../../helpers/tollgate-command.ts';

let commands: CommandHome;
beforeAll(async () => {
  commands = await openCommandHome();
});
afterAll(() => commands.close());

const NAMES = ['one', 'two', 'three', 'four', 'five', 'six'];

test('commands at the same time wait for one another, and each does its work', async () => {
  const results = await Promise.all(NAMES.map((name) => commands.run(['app', 'create', name])));
  expect(results.map(({ code }) => code)).toEqual(NAMES.map(() => 0));
  const { apps } = await commands.json<{ apps: { name: string }[] }>(['app', 'list']);
  expect(apps.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
});

test('an engine that starts among commands starts, and they all succeed', async () => {
  const [engine, ...results] = await Promise.all([
    commands.serve(),
    ...NAMES.map((name) => commands.run(['app', 'set', name, '--rpm', '9'])),
  ]);
  expect(results.map(({ code }) => code)).toEqual(NAMES.map(() => 0));
  expect(await commands.json(['status'])).toMatchObject({ pid: engine.pid });
  expect(await engine.stop()).toBe(0);
});

test('what a killed engine has left behind is in nobody’s way', async () => {
  const engine = await commands.serve();
  await engine.stop('SIGKILL');
  const { code, stderr } = await commands.run(['status']);
  expect(stderr).toContain(`No engine is running for ${commands.home}.`);
  expect(code).toBe(3);
  expect((await commands.run(['app', 'list'])).code).toBe(0);
  const next = await commands.serve();
  expect(await next.stop()).toBe(0);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'serve ends cleanly on %s, once or twice',
  async (signal) => {
    const engine = await commands.serve();
    engine.child.kill(signal);
    engine.child.kill(signal);
    expect(await engine.stop(signal)).toBe(0);
    expect((await commands.run(['status'])).code).toBe(3);
  },
);

test('serve tells people where it is reached, and what is next', async () => {
  const child = spawn(process.execPath, [LAUNCHER, 'serve', '--port', '0', '--dashboard-port', '0'], {
    env: commandEnv({ home: `${commands.home}/new`, env: { ...commands.env, npm_command: 'exec' } }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  const closed = once(child, 'close');
  await new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (stderr.includes('Next')) resolve();
    });
  });
  expect(stdout).toMatch(
    /^Tollgate [\d.]+ is running\.\nBase URL {3}http:\/\/127\.0\.0\.1:\d+\/v1\nDashboard {2}http:\/\/127/,
  );
  expect(stderr).toContain('Key        ready (environment)\n');
  expect(stderr).toContain('Next       npx tollgate app create NAME --limit usd=5/day\n');
  child.kill('SIGTERM');
  expect(await closed).toEqual([0, null]);
});

test('a reader that leaves early is no error', async () => {
  const child = spawn('sh', ['-c', `"${process.execPath}" "${LAUNCHER}" price list | head -n 1`], {
    env: commandEnv(commands),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  await once(child, 'close');
  expect(output).toMatch(/^MODEL +INPUT/m);
  expect(output).not.toMatch(/EPIPE|Error|error:/);
});
