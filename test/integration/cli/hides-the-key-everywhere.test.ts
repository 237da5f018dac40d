import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';
import { CANARY_KEY } from '../../helpers/open-tollgate.ts';
import { leaksIn, leaksInProcess, leaksUnder } from '../../helpers/secret-forms.ts';
import { commandEnv, LAUNCHER, type Served } from '../../helpers/tollgate-command.ts';

let commands: CommandHome;
let engine: Served;
const said: string[] = [];
beforeAll(async () => {
  commands = await openCommandHome();
  engine = await commands.serve(['--log-level', 'debug']);
});
afterAll(() => commands.close());

const run = async (...args: string[]): Promise<string> => {
  const { stdout, stderr } = await commands.run(args, { input: CANARY_KEY });
  said.push(stdout, stderr);
  return stdout;
};

const send = async (authorization: string, path: string, body: unknown): Promise<void> => {
  const answer = await fetch(`${engine.baseUrl}${path}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  said.push(JSON.stringify([...answer.headers]), await answer.text());
};

const chat = { model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'Hi' }] };
const dump = ['--', 'node', '-e', 'console.log(JSON.stringify(process.env), process.argv)'];

test('the scan finds a key that is there, in each of its forms', () => {
  const [first, second] = [CANARY_KEY.slice(0, 27), CANARY_KEY.slice(27)];
  for (const text of [
    CANARY_KEY,
    Buffer.from(`x${CANARY_KEY}`).toString('base64'),
    Buffer.from(CANARY_KEY).toString('hex'),
    `${second}${first}`,
    [...CANARY_KEY].map((char) => `%${char.charCodeAt(0).toString(16)}`).join(''),
  ]) {
    expect(leaksIn(text)).not.toEqual([]);
  }
  expect(leaksIn(`${JSON.stringify(chat)} sk-proj- 0123456789`)).toEqual([]);
});

test('no answer, no message and no file of a mixed session has the key', async () => {
  const { token } = JSON.parse(await run('app', 'create', 'notebook', '--limit', 'usd=1/day', '--json'));
  await send(`Bearer ${token}`, '/chat/completions', chat);
  await send(`Bearer ${token}`, '/chat/completions', { ...chat, stream: true });
  await send(`Bearer ${token}`, '/chat/completions', { ...chat, model: 'no-such-model' });
  await send(`Bearer ${CANARY_KEY}`, '/chat/completions', chat);
  await send(CANARY_KEY, '/responses', { model: 'gpt-5.4', input: 'Hi' });
  await send(`Bearer ${token}x`, `/models?key=${CANARY_KEY}`, {});
  await run('run', ...dump);
  await run('key', 'status');
  await run('key', 'set', '--stdin');
  await run('key', 'set', CANARY_KEY);
  await run('key', 'test');
  await run('app', 'create', CANARY_KEY);
  await run('app', 'show', CANARY_KEY, '--json');
  await run('usage', '--since', CANARY_KEY);
  await run('serve', '--upstream', CANARY_KEY);
  await run(CANARY_KEY);

  // OpenAI repeats a rejected key, with stars in the middle; neither that nor the notice may pass it on.
  commands.openai.setKey('sk-proj-another0123456789abcdefghijkl');
  await send(`Bearer ${token}`, '/chat/completions', chat);
  await send(`Bearer ${token}`, '/chat/completions', chat);
  await run('key', 'test', '--json');
  await run('status', '--json');
  commands.openai.setKey(CANARY_KEY);
  await run('key', 'test');
  await run('requests', '--json');

  expect(said.length).toBeGreaterThan(40);
  expect(said.filter((text) => leaksIn(text).length > 0)).toEqual([]);
  expect(await leaksUnder(commands.home)).toEqual([]);
  expect(await readFile(join(commands.home, 'logs/engine.log'), 'utf8')).toContain('real_key');
});

test('the engine shows no key in /proc, nor does a run or its command', async () => {
  expect(await leaksInProcess(engine.pid)).toEqual([]);
  expect(await leaksOfRun()).toEqual([]);
});

test('after the engine has stopped nothing has the key, nor has a run with an engine of its own', async () => {
  await engine.stop();
  said.push(engine.stderr());
  await run('run', ...dump);
  await run('key', 'status', '--json');
  expect(await leaksOfRun()).toEqual([]);
  expect(said.filter((text) => leaksIn(text).length > 0)).toEqual([]);
  expect(await leaksUnder(commands.home)).toEqual([]);
});

test('a key in an encrypted file is nowhere to be read', async () => {
  const env = {
    TOLLGATE_KEY_STORE: 'file',
    TOLLGATE_PASSPHRASE: 'a passphrase for tests',
    OPENAI_API_KEY: '',
  };
  const stored = await commands.run(['key', 'set', '--stdin'], { env, input: CANARY_KEY });
  expect(stored.code).toBe(0);
  expect(leaksIn(stored.stdout + stored.stderr)).toEqual([]);
  expect(await leaksUnder(commands.home)).toEqual([]);
  await writeFile(join(commands.home, 'plain'), CANARY_KEY);
  expect(await leaksUnder(commands.home)).not.toEqual([]);
});

async function leaksOfRun(): Promise<string[]> {
  const script = 'console.log(process.pid); setInterval(() => undefined, 1000)';
  const child = spawn(process.execPath, [LAUNCHER, 'run', '--quiet', '--', 'node', '-e', script], {
    env: commandEnv(commands),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [pid] = await once(createInterface({ input: child.stdout }), 'line');
  const found = await Promise.all([leaksInProcess(child.pid ?? 0), leaksInProcess(Number(pid))]);
  child.kill('SIGTERM');
  await exited;
  return found.flat();
}
