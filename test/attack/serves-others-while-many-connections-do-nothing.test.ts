import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectUntouched, GOOD_CHAT, openTarget, type Target } from '../helpers/expect-untouched.ts';
import { openIdleConnections } from '../helpers/idle-connections.ts';
import { untilIdle } from '../helpers/ledger.ts';
import { CANARY_KEY } from '../helpers/open-tollgate.ts';
import { commandEnv, LAUNCHER, runTollgate } from '../helpers/tollgate-command.ts';
import { until } from '../helpers/until.ts';
import { wireRequest } from '../helpers/wire.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

const SLOW: readonly [string, (headers: readonly string[], port: number) => string][] = [
  ['half a header', (_headers, port) => `GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-A: `],
  [
    'a tenth of a body',
    (headers, port) => `${wireRequest(port, { headers: [...headers, 'Content-Length: 1000'] })}{"model":`,
  ],
  [
    'a chunk of a body',
    (headers, port) =>
      `${wireRequest(port, { headers: [...headers, 'Transfer-Encoding: chunked'] })}1\r\n{\r\n`,
  ],
];

test.each(SLOW)('A59 200 clients that have sent %s keep nobody from anything', async (_name, start) => {
  const slow = await openIdleConnections(target.port, 200, start(target.goodHeaders, target.port));
  try {
    await expectGoodChats(5);
    expect(slow.open()).toBe(200);
  } finally {
    await slow.close();
  }
  await expectUntouched(target, () => untilIdle(target.tollgate));
});

test('A64 1,000 idle connections keep nobody from anything, and leave nothing behind', async () => {
  const idle = await openIdleConnections(target.port, 1_000);
  try {
    expect(idle.open()).toBe(1_000);
    await expectGoodChats(5);
  } finally {
    await idle.close();
  }
  await expectUntouched(target, () => untilIdle(target.tollgate));
});

/** They are all that reaches OpenAI meanwhile. */
async function expectGoodChats(count: number): Promise<void> {
  const { bystander, tollgate } = target;
  const before = tollgate.openai.received.length;
  for (let round = 0; round < count; round += 1) {
    const answer = await tollgate.post(bystander, '/chat/completions', JSON.parse(GOOD_CHAT));
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
    expect((await target.send({ method: 'GET', target: '/healthz' })).status).toBe(200);
  }
  expect(tollgate.openai.received.length - before).toBe(count);
}

test.skipIf(process.platform !== 'linux')(
  'A64 with few descriptors new connections are refused, old ones and the control plane go on',
  async () => {
    const home = mkdtempSync(join(tmpdir(), 'tollgate-test-'));
    const serve = `ulimit -n 200; exec "$0" "$@" serve --json --port=0 --no-dashboard --key-store=env`;
    const child = spawn('sh', ['-c', serve, process.execPath, LAUNCHER], {
      env: commandEnv({
        home,
        env: { OPENAI_API_KEY: CANARY_KEY, TOLLGATE_UPSTREAM: 'http://127.0.0.1:1/v1' },
      }),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    try {
      const [line] = await once(createInterface({ input: child.stdout }), 'line');
      const { baseUrl } = JSON.parse(String(line)) as { baseUrl: string };
      const port = Number(new URL(baseUrl).port);
      const healthy = async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
      const old = await openIdleConnections(port, 1);
      const flood = await openIdleConnections(port, 500);
      await until(() => flood.open() < 200);
      expect(old.open()).toBe(1);
      const { code, stdout } = await runTollgate(['app', 'create', 'in-need', '--json'], { home });
      expect(code).toBe(0);
      expect(JSON.parse(stdout).name).toBe('in-need');
      await flood.close();
      await until(() => healthy().catch(() => false));
      await old.close();
      expect(child.exitCode).toBeNull();
    } finally {
      child.kill('SIGTERM');
      await exited;
      rmSync(home, { recursive: true, force: true });
    }
  },
);
