import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UsageReport } from '../../../proxy/contract/usage.ts';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';

const PROGRAM = fileURLToPath(new URL('../../fixtures/official-sdk-session.mjs', import.meta.url));

let commands: CommandHome;
beforeAll(async () => {
  commands = await openCommandHome();
});
afterAll(() => commands.close());

test('a program of the official SDK works under run, and usage is the bill to the nano-dollar', async () => {
  const { code, stdout, stderr } = await commands.run(['run', '--', process.execPath, PROGRAM]);
  expect(stderr).toMatch(/^tollgate: created app .*\ntollgate: running as app .*\n$/);
  expect(JSON.parse(stdout)).toEqual({
    chat: true,
    'streamed chat': true,
    response: true,
    embeddings: true,
    image: true,
    speech: true,
    transcription: true,
  });
  expect(code).toBe(0);

  const { bill } = commands.openai;
  const byEndpoint = await commands.json<UsageReport>(['usage', '--by', 'endpoint']);
  const billed = new Map<string, number>();
  for (const { path, costNanoUsd } of bill.rows) {
    billed.set(path, (billed.get(path) ?? 0) + costNanoUsd);
  }
  expect(new Map(byEndpoint.rows.map(({ key, costNanoUsd }) => [key, costNanoUsd]))).toEqual(billed);
  expect(byEndpoint.total).toMatchObject({
    requests: 7,
    refused: 0,
    costNanoUsd: bill.totalNanoUsd(),
    unpricedRequests: 0,
    heldNanoUsd: 0,
  });
});

test('usage by app, model and day adds up to the same', async () => {
  const total = commands.openai.bill.totalNanoUsd();
  for (const by of ['app', 'model', 'day', 'user']) {
    const report = await commands.json<UsageReport>(['usage', '--by', by, '--since', '2d']);
    expect(report.rows.reduce((sum, row) => sum + row.costNanoUsd, 0)).toBe(total);
    expect(report.total.costNanoUsd).toBe(total);
  }
});
