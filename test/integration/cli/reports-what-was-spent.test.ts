import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppView, LimitView } from '../../../proxy/contract/apps.ts';
import type { PriceRow } from '../../../proxy/contract/prices.ts';
import type { UsageReport } from '../../../proxy/contract/usage.ts';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';
import type { Served } from '../../helpers/tollgate-command.ts';

let commands: CommandHome;
let engine: Served;
const tokens = new Map<string, string>();
beforeAll(async () => {
  commands = await openCommandHome();
  engine = await commands.serve(['--zone', 'Asia/Tokyo']);
  for (const name of ['notebook', 'bot']) {
    const { token } = await commands.json<{ token: string }>(['app', 'create', name, '--limit', 'usd=5/day']);
    tokens.set(name, token);
  }
  await chat('notebook', 'gpt-5.4-mini');
  await chat('notebook', 'gpt-5.4');
  await chat('bot', 'gpt-5.4-mini', { 'x-tollgate-user': 'ann' });
  await chat('bot', 'no-such-model');
});
afterAll(() => commands.close());

async function chat(app: string, model: string, headers: Record<string, string> = {}): Promise<number> {
  const answer = await fetch(`${engine.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.get(app)}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }] }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

const billed = (model: string): number =>
  commands.openai.bill.rows
    .filter((row) => row.model.replace(/-\d{4}-\d{2}-\d{2}$/, '') === model)
    .reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);

const usage = (...options: string[]): Promise<UsageReport> => commands.json(['usage', ...options]);

test('by app it names the apps, and counts what was refused', async () => {
  const { rows, total } = await usage();
  expect(rows.map(({ name, requests, refused }) => [name, requests, refused])).toEqual([
    ['notebook', 2, 0],
    ['bot', 1, 1],
  ]);
  expect(total.costNanoUsd).toBe(commands.openai.bill.totalNanoUsd());
  expect(total.costUsd).toBeCloseTo(total.costNanoUsd / 1e9, 12);
});

test('by model, of one app, it is what was billed', async () => {
  const { rows } = await usage('--by', 'model', '--app', 'notebook');
  const [dear, cheap] = rows;
  expect(dear).toMatchObject({ key: 'gpt-5.4', costNanoUsd: billed('gpt-5.4') });
  expect(cheap?.key).toBe('gpt-5.4-mini');
  expect(rows).toHaveLength(2);
});

test('by user, requests without one are shown as none', async () => {
  const { rows } = await usage('--by', 'user');
  expect(rows.map(({ name }) => name).sort()).toEqual(['(none)', 'ann']);
});

test('days are those of the zone that the engine was given', async () => {
  const { rows } = await usage('--by', 'day', '--since', '48h');
  const dayOf = (at: number) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo' }).format(at);
  // The requests may have been sent before a midnight that is over now.
  expect([dayOf(Date.now()), dayOf(Date.now() - 60_000)]).toContain(rows.at(-1)?.key);
});

test.each([
  ['a date', new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10), 3],
  ['an instant', new Date(Date.now() - 86_400_000).toISOString(), 3],
  ['a span', '90m', 3],
  ['a date to come', new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10), 0],
])('--since takes %s', async (_title, since, requests) => {
  expect((await usage('--since', since)).total.requests).toBe(requests);
});

test('people see a table with a total, and what each limit leaves', async () => {
  const { stdout } = await commands.run(['usage']);
  const [spent = '', limits = ''] = stdout.trimEnd().split('\n\n');
  const [head, ...lines] = spent.split('\n');
  expect(head).toMatch(/^APP +REQUESTS +REFUSED +INPUT +OUTPUT +COST +HELD$/);
  expect(lines.at(-1)).toMatch(/^total +\d/);
  expect(limits).toMatch(/^bot +usd \$5\.00\/day +\$/m);
  expect(stdout).not.toMatch(/NaN|undefined|null|e-\d/);
});

test('limits say what is settled and free, and cap the whole key', async () => {
  const spent = commands.openai.bill.totalNanoUsd();
  const { limits } = await commands.json<{ limits: LimitView[] }>(['limit', 'set', 'usd=2/month']);
  expect(limits).toEqual([
    expect.objectContaining({ scope: 'key', amount: 2e9, settled: spent, held: 0, free: 2e9 - spent }),
  ]);
  await commands.json(['limit', 'set', 'usd=0/month']);
  expect(await chat('notebook', 'gpt-5.4-mini')).toBe(429);
  await commands.json(['limit', 'remove', 'usd/month']);
  expect(await chat('notebook', 'gpt-5.4-mini')).toBe(200);
});

test('a price of your own opens a model without a price, and closes with unset', async () => {
  expect(await chat('bot', 'no-such-model')).toBe(403);
  const args = ['price', 'set', 'no-such-model', '--input', '2.50', '--output', '10', '--cached', '0.25'];
  const row = await commands.json<PriceRow>(args);
  expect(row).toMatchObject({
    model: 'no-such-model',
    rates: { input: 2_500_000_000, output: 10_000_000_000, cachedInput: 250_000_000 },
    source: 'set by you',
  });
  // Let through now; the simulated OpenAI does not have it.
  expect(await chat('bot', 'no-such-model')).toBe(404);
  expect((await commands.run(['price', 'list', 'no-such-model'])).stdout).toMatch(/ 2\.5 +0\.25 +10 /);
  await commands.json(['price', 'unset', 'no-such-model']);
  expect(await chat('bot', 'no-such-model')).toBe(403);
});

test('a paused app is refused until it is resumed; a rotated token is dead; a removed app stays on record', async () => {
  await commands.json<AppView>(['app', 'pause', 'bot']);
  expect(await chat('bot', 'gpt-5.4-mini')).toBe(403);
  expect((await commands.json<AppView>(['app', 'show', 'bot'])).mode).toBe('paused');
  await commands.json<AppView>(['app', 'resume', 'bot']);
  expect(await chat('bot', 'gpt-5.4-mini')).toBe(200);
  const { token } = await commands.json<{ token: string }>(['app', 'rotate', 'bot']);
  expect(await chat('bot', 'gpt-5.4-mini')).toBe(401);
  tokens.set('bot', token);
  expect(await chat('bot', 'gpt-5.4-mini')).toBe(200);
  await commands.json(['app', 'remove', 'bot']);
  expect(await chat('bot', 'gpt-5.4-mini')).toBe(401);
  expect((await usage()).rows.map(({ name }) => name)).toContain('bot');
});
