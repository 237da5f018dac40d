import { chmodSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEngineHome } from '../helpers/engine-home.ts';
import { openTollgate } from '../helpers/open-tollgate.ts';
import { runTollgate, serveTollgate } from '../helpers/tollgate-command.ts';

const ENV = {
  OPENAI_API_KEY: 'sk-proj-0123456789abcdefghij',
  XDG_CACHE_HOME: join(tmpdir(), 'tollgate-test-cache'),
};
const SERVE = ['serve', '--json', '--port=0', '--no-dashboard', '--key-store=env'];

test('F11 a second engine on the folder is refused and told who has it; the first goes on', async () => {
  const home = await openEngineHome();
  const first = await home.start();
  const facts = readFileSync(join(home.dir, 'engine.json'), 'utf8');
  const { code, stderr } = await runTollgate(SERVE, { home: home.dir, env: ENV });
  expect(code).toBe(1);
  const { error } = JSON.parse(stderr) as { error: { code: string; message: string } };
  expect(error.code).toBe('engine_running');
  expect(error.message).toContain(String(first.pid));
  expect(error.message).toContain(first.baseUrl);
  expect(readFileSync(join(home.dir, 'engine.json'), 'utf8')).toBe(facts);
  const status = await home.control((client) => client.engine.status());
  expect(status).toMatchObject({ pid: first.pid, ledgerHealthy: true });
  expect(await first.stop()).toBe(0);
});

test('F11 of five that start at once exactly one gets the folder', async () => {
  const home = await openEngineHome();
  const starts = await Promise.allSettled(
    Array.from({ length: 5 }, () => serveTollgate(['--key-store=env'], { home: home.dir, env: ENV })),
  );
  const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const refused = starts.flatMap((start) => (start.status === 'rejected' ? [String(start.reason)] : []));
  expect(started).toHaveLength(1);
  for (const reason of refused) expect(reason).toContain('engine_running');
  await home.control((client) => client.engine.status());
  for (const served of started) expect(await served.stop()).toBe(0);
});

test('F11 the folder is free again after a kill, and after an engine of this process', async () => {
  const home = await openEngineHome();
  await (await home.start()).stop('SIGKILL');
  const inside = await openTollgate({ dataDir: home.dir, upstream: home.openai });
  await expect(openTollgate({ dataDir: home.dir, upstream: home.openai })).rejects.toMatchObject({
    code: 'engine_running',
    message: expect.stringContaining(String(process.pid)),
  });
  await inside.close();
  chmodSync(home.dir, 0o700);
  const again = await home.start();
  await home.control((client) => client.engine.status());
  expect(await again.stop()).toBe(0);
});
