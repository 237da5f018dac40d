import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openTollgate } from '../helpers/open-tollgate.ts';
import { runTollgate } from '../helpers/tollgate-command.ts';

const squatters: Server[] = [];
afterEach(async () => {
  for (const squatter of squatters.splice(0)) {
    squatter.close();
    await once(squatter, 'close');
  }
});

/** Whoever was first: takes a port, and counts who comes. */
async function squat(host: string, port = 0): Promise<{ port: number; visitors(): number }> {
  let visitors = 0;
  const squatter = createServer((socket) => {
    visitors += 1;
    socket.destroy();
  });
  squatters.push(squatter);
  squatter.listen({ host, port, ipv6Only: host === '::1' });
  await once(squatter, 'listening');
  return { port: (squatter.address() as AddressInfo).port, visitors: () => visitors };
}

const opening = (host: string, port: number) =>
  openTollgate({ config: { dataPlane: { host, port } } }).then((tollgate) => tollgate.close());

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
  ['::', '127.0.0.1'],
  ['127.0.0.1', 'localhost'],
  ['::1', 'localhost'],
  ['127.0.0.1', '::1'],
  ['::1', '::1'],
])('A28 somebody on the port of %s stops an engine for %s, and is named', async (taken, wanted) => {
  const { port } = await squat(taken);
  await expect(opening(wanted, port)).rejects.toMatchObject({
    code: 'port_in_use',
    details: { port, host: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) },
    message: expect.stringContaining(`Port ${port} on `),
    hint: expect.stringContaining('--port'),
  });
});

test('A28 a start that failed leaves no port, no lock and no socket behind', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tollgate-test-'));
  try {
    const { port } = await squat('::1');
    const config = { dataPlane: { host: '127.0.0.1', port } };
    await expect(openTollgate({ dataDir, config })).rejects.toMatchObject({ code: 'port_in_use' });
    // The other half of the pair, which it had for a moment, is free again.
    await squat('127.0.0.1', port);
    const tollgate = await openTollgate({ dataDir });
    await tollgate.close();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test('A28 with a port of its own choice the engine takes one that is free on both addresses', async () => {
  const tollgate = await openTollgate();
  try {
    for (const host of ['127.0.0.1', '::1']) {
      await expect(squat(host, tollgate.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
      squatters.pop();
    }
  } finally {
    await tollgate.close();
  }
});

test.each(['--port', '--dashboard-port'])(
  'A28 `serve` says which port %s is taken, and exits',
  async (flag) => {
    const home = mkdtempSync(join(tmpdir(), 'tollgate-test-'));
    try {
      const { port, visitors } = await squat('127.0.0.1');
      const other = flag === '--port' ? ['--no-dashboard'] : ['--port=0'];
      const args = ['serve', '--json', '--key-store=env', `${flag}=${port}`, ...other];
      const env = { OPENAI_API_KEY: 'sk-proj-AnyAnyAnyAnyAnyAnyAnyAnyAnyAnyAny0123456789' };
      const { code, stdout, stderr } = await runTollgate(args, { home, env });
      expect(code).toBe(1);
      expect(stdout).toBe('');
      const { error } = JSON.parse(stderr) as { error: Record<string, string> };
      expect(error['code']).toBe('port_in_use');
      expect(error['message']).toContain(`${port} on 127.0.0.1`);
      expect(error['hint']).toContain(flag);
      expect(visitors()).toBe(0);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
);
