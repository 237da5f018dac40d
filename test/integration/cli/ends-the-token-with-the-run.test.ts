import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';
import { commandEnv, LAUNCHER, type Served } from '../../helpers/tollgate-command.ts';
import { until } from '../../helpers/until.ts';

/** Tells where it may send requests, then waits for its input to end. */
const CLIENT = `
  console.log(JSON.stringify([process.env.OPENAI_BASE_URL, process.env.OPENAI_API_KEY, process.pid]));
  process.stdin.resume().on('end', () => process.exit(0));`;

let alone: CommandHome;
let shared: CommandHome;
let engine: Served;
beforeAll(async () => {
  [alone, shared] = await Promise.all([openCommandHome(), openCommandHome()]);
  engine = await shared.serve();
});
afterAll(async () => {
  await Promise.all([alone.close(), shared.close()]);
});

async function startRun(commands: CommandHome, options: readonly string[] = []) {
  const args = [LAUNCHER, 'run', '--quiet', ...options, '--', 'node', '-e', CLIENT];
  const child = spawn(process.execPath, args, {
    env: commandEnv(commands),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const [baseUrl, token, clientPid] = JSON.parse(String(line)) as [string, string, number];
  const status = async (url = baseUrl): Promise<number> => {
    const answer = await fetch(`${url}/models`, { headers: { authorization: `Bearer ${token}` } });
    await answer.arrayBuffer();
    return answer.status;
  };
  return { child, exited, baseUrl, token, clientPid, status };
}

test('a run of the running engine: the token is dead when the command has ended', async () => {
  const run = await startRun(shared);
  expect(run.baseUrl).toBe(engine.baseUrl);
  expect(await run.status()).toBe(200);
  run.child.stdin.end();
  expect(await run.exited).toEqual([0, null]);
  expect(await run.status()).toBe(401);
});

test('a run of the running engine that is killed: the token is dead, although its command lives', async () => {
  const run = await startRun(shared);
  expect(await run.status()).toBe(200);
  run.child.kill('SIGKILL');
  await run.exited;
  await until(async () => (await run.status()) === 401);
  expect(process.kill(run.clientPid, 'SIGKILL')).toBe(true);
});

test('a run with an engine of its own: the engine ends with it, and no later one takes the token', async () => {
  const run = await startRun(alone);
  expect(await run.status()).toBe(200);
  run.child.stdin.end();
  expect(await run.exited).toEqual([0, null]);
  await expect(run.status()).rejects.toThrow('fetch failed');
  const later = await alone.serve();
  expect(await run.status(later.baseUrl)).toBe(401);
  await later.stop();
});

test('a run with an engine of its own that is killed: no later engine takes the token', async () => {
  const run = await startRun(alone);
  expect(await run.status()).toBe(200);
  run.child.kill('SIGKILL');
  await run.exited;
  await expect(run.status()).rejects.toThrow('fetch failed');
  process.kill(run.clientPid, 'SIGKILL');
  const later = await alone.serve();
  expect(await run.status(later.baseUrl)).toBe(401);
  await later.stop();
});

test('each run has a token of its own', async () => {
  const [first, second] = await Promise.all([startRun(shared), startRun(shared)]);
  expect(first.token).not.toBe(second.token);
  first.child.stdin.end();
  await first.exited;
  expect(await first.status()).toBe(401);
  expect(await second.status()).toBe(200);
  second.child.stdin.end();
  await second.exited;
});

test('a second run beside one with its own engine uses that engine', async () => {
  const first = await startRun(alone);
  const second = await startRun(alone);
  expect(second.baseUrl).toBe(first.baseUrl);
  expect(await second.status()).toBe(200);
  second.child.stdin.end();
  expect(await second.exited).toEqual([0, null]);
  expect(await first.status()).toBe(200);
  first.child.stdin.end();
  expect(await first.exited).toEqual([0, null]);
});

test('two runs started at once on an idle home both get an engine', async () => {
  const runs = await Promise.all([startRun(alone), startRun(alone)]);
  for (const run of runs) expect(await run.status()).toBe(200);
  // The one that owns the engine last, so that the other one still has it.
  for (const run of runs) run.child.stdin.end();
  for (const run of runs) expect(await run.exited).toEqual([0, null]);
});
