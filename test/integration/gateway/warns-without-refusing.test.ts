import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate();
});
afterAll(() => tollgate.close());

test('a warn limit lets requests pass and is reported once', async () => {
  const token = await tollgate.createApp('careless');
  await tollgate.client.apps.change({
    app: 'careless',
    setLimits: [{ metric: 'requests', amount: 2, window: 'day', enforce: 'warn' }],
  });
  for (let request = 0; request < 4; request += 1) {
    const answer = await tollgate.post(token, '/embeddings', {
      model: 'text-embedding-3-small',
      input: 'a budget',
    });
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
  }
  const log = await readFile(join(tollgate.dataDir, 'logs', 'engine.log'), 'utf8');
  const told = log.split('\n').filter((line) => line.includes('warn_limit_reached'));
  expect(told).toHaveLength(1);
  expect(told[0]).toContain('requests=2/day');
});
