import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';
import type { Served } from '../../helpers/tollgate-command.ts';

interface Created {
  readonly id: string;
  readonly name: string;
  readonly token: string;
}

let commands: CommandHome;
let engine: Served;
let app: Created;
beforeAll(async () => {
  commands = await openCommandHome();
  engine = await commands.serve();
  app = await commands.json<Created>(['app', 'create', 'notebook', '--limit', 'usd=5/day']);
  await post('/chat/completions', { model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'Hi' }] });
  await post('/chat/completions', { model: 'no-such-model', messages: [{ role: 'user', content: 'Hi' }] });
});
afterAll(() => commands.close());

const INSTANT = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
const COUNT = expect.any(Number);
const SUMS = {
  requests: COUNT,
  refused: COUNT,
  inputTokens: COUNT,
  cachedInputTokens: COUNT,
  outputTokens: COUNT,
  costNanoUsd: COUNT,
  costUsd: COUNT,
  estimatedNanoUsd: COUNT,
  heldNanoUsd: COUNT,
  unpricedRequests: COUNT,
};

test('serve prints one line when it is ready', () => {
  expect(engine.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
  expect(engine.dashboardUrl).toBeNull();
  expect(engine.pid).toBe(engine.child.pid);
  expect(engine.version).toMatch(/^\d+\.\d+\.\d+$/);
});

test('app create prints id, name and token', () => {
  expect(app).toEqual({
    id: expect.stringMatching(/^app_[0-9a-f]{16}$/),
    name: 'notebook',
    token: expect.stringMatching(/^tg_[A-Za-z0-9_-]{40,}$/),
  });
});

test('app list prints every app with its limits and where they stand', async () => {
  const { apps } = await commands.json<{ apps: unknown[] }>(['app', 'list']);
  expect(apps).toEqual([
    expect.objectContaining({
      id: app.id,
      name: 'notebook',
      mode: 'enforce',
      limits: [
        expect.objectContaining({
          metric: 'usd',
          amount: 5_000_000_000,
          window: 'day',
          scope: 'app',
          enforce: 'hard',
          settled: commands.openai.bill.totalNanoUsd(),
          held: 0,
          free: 5_000_000_000 - commands.openai.bill.totalNanoUsd(),
          resetsAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T00:00[+-]\d{2}:\d{2}$/),
        }),
      ],
    }),
  ]);
});

test.each(['app', 'model', 'day', 'user', 'endpoint'])('usage by %s prints sums and a total', async (by) => {
  const report = await commands.json<{ from: string; rows: unknown[] }>(['usage', '--by', by]);
  expect(report).toMatchObject({ from: INSTANT, to: INSTANT, by, total: SUMS });
  expect(report.rows.length).toBeGreaterThan(0);
  for (const row of report.rows) {
    expect(row).toEqual({ key: expect.any(String), name: expect.any(String), ...SUMS });
  }
});

test('requests prints one object a line, newest first', async () => {
  const { stdout } = await commands.run(['requests', '--json']);
  const [refused, settled] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  const common = {
    id: expect.any(String),
    at: INSTANT,
    appId: app.id,
    app: 'notebook',
    endpoint: '/v1/chat/completions',
  };
  expect(settled).toMatchObject({
    ...common,
    model: 'gpt-5.4-mini',
    status: 200,
    outcome: 'settled',
    inputTokens: COUNT,
    outputTokens: COUNT,
    costNanoUsd: commands.openai.bill.totalNanoUsd(),
    holdNanoUsd: COUNT,
    reason: null,
  });
  expect(refused).toMatchObject({
    ...common,
    model: 'no-such-model',
    status: 403,
    outcome: 'refused',
    reason: 'model_price_unknown',
  });
});

test('status prints what the engine is doing', async () => {
  expect(await commands.json(['status'])).toMatchObject({
    version: engine.version,
    pid: engine.pid,
    baseUrl: engine.baseUrl,
    dashboardUrl: null,
    upstream: commands.openai.baseUrl,
    dataDir: commands.home,
    logPath: `${commands.home}/logs/engine.log`,
    startedAt: INSTANT,
    ledgerHealthy: true,
    inFlight: 0,
    waiting: 0,
    key: { store: 'env', backend: 'environment', state: 'ready', kind: 'project', problem: null },
  });
});

test('an error is one object on stderr, and stdout stays empty', async () => {
  const { code, stdout, stderr } = await commands.run(['app', 'show', 'nobody', '--json']);
  expect([code, stdout]).toEqual([1, '']);
  expect(JSON.parse(stderr)).toEqual({
    error: {
      code: 'app_unknown',
      message: 'There is no app "nobody".',
      hint: 'List the apps with `tollgate app list`.',
    },
  });
});

async function post(path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${engine.baseUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await answer.arrayBuffer();
}
