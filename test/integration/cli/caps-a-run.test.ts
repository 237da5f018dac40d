import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppView } from '../../../proxy/contract/apps.ts';
import type { UsageReport } from '../../../proxy/contract/usage.ts';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';

/** Sends ten chats, all at once, and prints the status of each and why it was refused. */
const CLIENT = `
  const send = async () => {
    const answer = await fetch(process.env.OPENAI_BASE_URL + '/chat/completions', {
      method: 'POST',
      headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'gpt-5.4-mini', max_completion_tokens: 400, messages: [{ role: 'user', content: 'Hi' }],
      }),
    });
    const { error } = await answer.json();
    return [answer.status, error?.code ?? '', answer.headers.get('x-tollgate-error') ?? '', error?.message];
  };
  const sent = await Promise.all(Array.from({ length: 10 }, send));
  process.stdout.write(JSON.stringify(sent));`;

type Sent = readonly (readonly [status: number, code: string, reason: string, message: string | null])[];

let alone: CommandHome;
let shared: CommandHome;
beforeAll(async () => {
  [alone, shared] = await Promise.all([openCommandHome(), openCommandHome()]);
  await shared.serve(['--queue-ms', '500']);
});
afterAll(async () => {
  await Promise.all([alone.close(), shared.close()]);
});

const runClient = async (commands: CommandHome, ...options: string[]): Promise<Sent> => {
  const command = ['node', '--input-type=module', '-e', CLIENT];
  const { code, stdout } = await commands.run(['run', '--app', 'job', ...options, '--', ...command]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Sent;
};

test.each([
  ['the running engine', () => shared],
  ['an engine of its own', () => alone],
])('a run cannot spend more than its limit (%s)', async (_title, home) => {
  const commands = home();
  await commands.json(['app', 'create', 'job', '--limit', 'usd=1/day']);
  const sent = await runClient(commands, '--limit', 'usd=0.01/total');
  const statuses = new Set(sent.map(([status]) => status));
  expect(statuses).toEqual(new Set([200, 429]));
  for (const [status, code, reason, message] of sent) {
    if (status === 200) continue;
    expect([code, reason]).toEqual(['insufficient_quota', 'quota_exceeded']);
    expect(message).toContain('for this run');
  }
  const spent = commands.openai.bill.totalNanoUsd();
  expect(spent).toBeGreaterThan(0);
  expect(spent).toBeLessThanOrEqual(10_000_000);
  expect((await commands.json<UsageReport>(['usage'])).total.costNanoUsd).toBe(spent);
});

test('the next run has its limit anew, and the limits of the app hold besides', async () => {
  const before = shared.openai.bill.rows.length;
  const sent = await runClient(shared, '--limit', 'requests=3/total', '--limit', 'usd=1/total');
  expect(sent.filter(([status]) => status === 200)).toHaveLength(3);
  expect(shared.openai.bill.rows.length - before).toBe(3);

  await shared.json(['app', 'set', 'job', '--limit', 'requests=1/total']);
  const refused = await runClient(shared, '--limit', 'requests=3/total');
  expect(refused.filter(([status]) => status === 200)).toHaveLength(0);
});

test('a limit of a run is not kept as one of the app', async () => {
  const app = await alone.json<AppView>(['app', 'show', 'job']);
  expect(app.limits.map(({ metric, window }) => `${metric}/${window}`)).toEqual(['usd/day']);
});
