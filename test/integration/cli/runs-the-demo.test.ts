import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UsageReport } from '../../../proxy/contract/usage.ts';
import { commandEnv, LAUNCHER, runTollgate } from '../../helpers/tollgate-command.ts';

interface Ready {
  readonly baseUrl: string;
  readonly dashboardUrl: string | null;
  readonly pid: number;
  readonly version: string;
  readonly token: string;
  readonly home: string;
}

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tollgate-demo-test-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** With a folder for temporary files of its own, to see what is left in it. */
function startDemo(...options: string[]): ChildProcess {
  return spawn(process.execPath, [LAUNCHER, 'demo', ...options], {
    env: { ...commandEnv({ home: dir }), TMPDIR: dir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const leftovers = async (): Promise<string[]> =>
  (await readdir(dir)).filter((name) => name.startsWith('tollgate-'));

test('it serves a request with its token, shows what it cost, and leaves nothing behind', async () => {
  const demo = startDemo('--json', '--no-traffic');
  const exited = once(demo, 'exit');
  const [line] = await once(createInterface({ input: demo.stdout ?? process.stdin }), 'line');
  const ready = JSON.parse(String(line)) as Ready;
  expect(ready).toEqual({
    baseUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1$/),
    dashboardUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\//),
    pid: demo.pid,
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    token: expect.stringMatching(/^tg_/),
    home: expect.stringContaining(dir),
  });

  const answer = await fetch(`${ready.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ready.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'Say hello' }] }),
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ choices: [{ message: { role: 'assistant' } }] });

  const { stdout } = await runTollgate(['usage', '--json'], { home: ready.home });
  const { rows } = JSON.parse(stdout) as UsageReport;
  expect(rows).toEqual([expect.objectContaining({ name: 'try-me', requests: 1 })]);
  expect(rows[0]?.costNanoUsd).toBeGreaterThan(0);

  demo.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  expect(existsSync(ready.home)).toBe(false);
  expect(await leftovers()).toEqual([]);
});

test('people are told what to type, and what to stop', async () => {
  const demo = startDemo('--no-dashboard');
  let stdout = '';
  demo.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  const exited = once(demo, 'exit');
  await once(demo.stderr ?? process.stdin, 'data');
  expect(stdout).toMatch(/Base URL {3}http:\/\/127\.0\.0\.1:\d+\/v1\n/);
  expect(stdout).toMatch(/curl http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions/);
  expect(stdout).toMatch(/TOLLGATE_HOME=\S+ tollgate usage/);
  expect(stdout).not.toContain('Dashboard');
  // Twice, as a terminal and npx both send it.
  demo.kill('SIGINT');
  demo.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
  expect(await leftovers()).toEqual([]);
});

test('a port that is taken leaves nothing behind either', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(Object(server.address()).port));
  });
  const demo = startDemo('--port', String(port));
  expect(await once(demo, 'exit')).toEqual([1, null]);
  server.close();
  expect(await leftovers()).toEqual([]);
});
