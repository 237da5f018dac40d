import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RequestView } from '../../../proxy/contract/requests.ts';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';
import { commandEnv, LAUNCHER, type Served } from '../../helpers/tollgate-command.ts';
import { until } from '../../helpers/until.ts';

let commands: CommandHome;
let engine: Served;
let tokens: Readonly<Record<string, string>>;
beforeAll(async () => {
  commands = await openCommandHome();
  engine = await commands.serve();
  const create = (name: string) => commands.json<{ token: string }>(['app', 'create', name]);
  tokens = { one: (await create('one')).token, two: (await create('two')).token };
});
afterAll(() => commands.close());

function follow(...options: string[]) {
  const child = spawn(process.execPath, [LAUNCHER, 'requests', '--follow', ...options], {
    env: commandEnv(commands),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return { child, reader, lines, stderr: () => stderr, closed: once(child, 'close') };
}

const chat = async (app: string, model = 'gpt-5.4-mini'): Promise<void> => {
  const answer = await fetch(`${engine.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens[app]}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }] }),
  });
  await answer.arrayBuffer();
};

/** Sends until the first line arrives: nobody is told when a follower has begun to listen. */
const untilFollowed = (lines: readonly string[], send: () => Promise<void>): Promise<void> =>
  until(async () => {
    await send();
    return lines.length > 0;
  }, 10_000);

test('requests appear as they begin and end, one JSON object a line', async () => {
  const { child, lines, stderr, closed } = follow('--json');
  await untilFollowed(lines, () => chat('one'));
  await chat('two', 'gpt-5.4');
  const parsed = (): RequestView[] => lines.map((line) => JSON.parse(line) as RequestView);
  await until(() => parsed().some(({ app, outcome }) => app === 'two' && outcome === 'settled'));
  const settled = parsed().find(({ app, outcome }) => app === 'two' && outcome === 'settled');
  const { stdout } = await commands.run(['requests', '--app', 'two', '--json']);
  expect(settled).toEqual(JSON.parse(stdout));
  child.kill('SIGINT');
  expect(await closed).toEqual([null, 'SIGINT']);
  expect(stderr()).toBe('');
});

test('--app and --model leave the others out', async () => {
  const { child, lines, closed } = follow('--json', '--app', 'two', '--model', 'gpt-5.4');
  await untilFollowed(lines, async () => {
    await chat('one', 'gpt-5.4');
    await chat('two', 'gpt-5.4-mini');
    await chat('two', 'gpt-5.4');
  });
  child.kill('SIGINT');
  await closed;
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ app: 'two', model: 'gpt-5.4' });
});

test('when the engine stops, it says so: exit code 3', async () => {
  const other = await openCommandHome();
  const short = await other.serve();
  const child = spawn(process.execPath, [LAUNCHER, 'requests', '--follow'], {
    env: commandEnv(other),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const closed = once(child, 'close');
  await until(() => stderr.includes('Waiting for requests'), 10_000);
  await short.stop('SIGKILL');
  expect(await closed).toEqual([3, null]);
  expect(stderr).toContain('tollgate: error: The engine has stopped.\nhint: Start it again');
  await other.close();
});

test('when its reader leaves, it ends without a fuss', async () => {
  const { child, lines, stderr, closed } = follow('--json');
  await untilFollowed(lines, () => chat('one'));
  child.stdout.destroy();
  let ended = false;
  void closed.then(() => {
    ended = true;
  });
  await until(async () => {
    await chat('one');
    return ended;
  }, 10_000);
  expect([child.exitCode, stderr()]).toEqual([0, '']);
});

test('without an engine there is nothing to follow: exit code 3', async () => {
  const { code, stderr } = await commands.run(['requests', '--follow', '--json'], {
    env: { TOLLGATE_HOME: `${commands.home}/idle` },
  });
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'engine_not_running' } });
  expect(code).toBe(3);
});
