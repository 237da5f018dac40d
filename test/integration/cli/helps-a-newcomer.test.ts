import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';
import { commandEnv, LAUNCHER } from '../../helpers/tollgate-command.ts';

let commands: CommandHome;
beforeAll(async () => {
  commands = await openCommandHome();
});
afterAll(() => commands.close());

interface Help {
  readonly path: string;
  readonly text: string;
}

/** The help of a command and of everything below it. */
async function helpOf(path: readonly string[]): Promise<Help[]> {
  const { code, stdout, stderr } = await commands.run([...path, '--help']);
  expect([path, code, stderr]).toEqual([path, 0, '']);
  const [, list = ''] = stdout.split('\nCommands:\n');
  const [section = ''] = list.split('\n\n');
  const names = [...section.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name);
  const below = await Promise.all(
    names.filter((name) => name !== 'help').map((name) => helpOf([...path, name])),
  );
  return [{ path: path.join(' '), text: stdout }, ...below.flat()];
}

test('every command says what it does, what it takes, and shows examples where it takes a choice', async () => {
  const helps = await helpOf([]);
  expect(helps.map(({ path }) => path)).toEqual([
    '',
    'serve',
    'demo',
    'status',
    ...['', ' set', ' rotate', ' status', ' test', ' remove'].map((name) => `key${name}`),
    ...['', ' create', ' list', ' show', ' set', ' raise', ' pause', ' resume', ' rotate', ' remove'].map(
      (name) => `app${name}`,
    ),
    ...['', ' set', ' raise', ' list', ' remove'].map((name) => `limit${name}`),
    'run',
    'usage',
    'requests',
    ...['', ' list', ' set', ' unset'].map((name) => `price${name}`),
    ...['', ' install', ' uninstall', ' status'].map((name) => `service${name}`),
    ...['', ' list', ' ack', ' snooze', ' webhook'].map((name) => `alerts${name}`),
    ...[' set', ' show', ' test', ' remove'].map((name) => `alerts webhook${name}`),
    'export',
    'pause',
    'resume',
    'open',
    'doctor',
    'scan',
    'completion',
  ]);
  for (const { path, text } of helps) {
    const [usage = '', , description = ''] = text.split('\n');
    expect(usage).toMatch(new RegExp(`^Usage: tollgate ?${path}`));
    expect([path, description]).toEqual([path, expect.stringMatching(/^\S.{15,}/)]);
    expect([path, text.split('\n').filter((line) => line.length > 81)]).toEqual([path, []]);
    for (const [, option = '', words = ''] of text.matchAll(/^ {2}(-.*?)(?: {2,}|\n +)(.*)$/gm)) {
      expect([path, option, words]).toEqual([path, option, expect.stringMatching(/\w/)]);
    }
  }
  const withExamples = helps.filter(({ text }) => /\nExamples:\n|\nFirst steps:\n/.test(text));
  expect(withExamples.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['', 'serve', 'run', 'key', 'key set', 'app', 'app create', 'limit set', 'usage']),
  );
});

test('help explains limits where they are typed, and the exit codes', async () => {
  for (const command of [
    ['app', 'create'],
    ['limit', 'set'],
    ['help', 'run'],
  ]) {
    const { stdout } = await commands.run(command[0] === 'help' ? command : [...command, '--help']);
    expect(stdout).toContain('METRIC=AMOUNT/WINDOW');
    expect(stdout).toContain('usd, tokens, input_tokens, output_tokens, requests');
    expect(stdout).toContain('minute, hour, day, week, month, total');
  }
  expect((await commands.run(['--help'])).stdout).toContain('3 needs a running engine');
});

test('the version is one line', async () => {
  expect((await commands.run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('nothing is coloured where nobody would see it, nor with NO_COLOR', async () => {
  await commands.json(['app', 'create', 'notebook', '--limit', 'usd=1/day']);
  for (const env of [{ NO_COLOR: '1' }, { NO_COLOR: '', TERM: 'dumb' }]) {
    expect((await commands.run(['app', 'list'], { env })).stdout).not.toContain('\u001b');
  }
  const { stdout } = await commands.run(['app', 'list'], { env: { NO_COLOR: '', FORCE_COLOR: '1' } });
  expect(stdout).toContain('\u001b[1m');
});

const oldNode = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => {
  const version = spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout;
  return /^v(18|20)\./.test(version ?? '');
});
if (!oldNode) process.stderr.write('skipped "an old Node": there is none on this machine\n');

test.skipIf(!oldNode)('an old Node hands over to one that can run it, with code and signals', async () => {
  const env = commandEnv(commands);
  const help = spawnSync(oldNode ?? '', [LAUNCHER, '--help'], { env, encoding: 'utf8' });
  expect([help.status, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toContain('First steps:');
  expect(spawnSync(oldNode ?? '', [LAUNCHER, 'frobnicate'], { env }).status).toBe(2);
  const ended = spawnSync(oldNode ?? '', [LAUNCHER, 'run', '--quiet', '--', 'sh', '-c', 'exit 7'], { env });
  expect(ended.status).toBe(7);

  const child = spawn(oldNode ?? '', [LAUNCHER, 'serve', '--json', '--port=0', '--no-dashboard'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
});
