import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';

/** Every command that needs no engine, in an order in which each finds what the ones before have left. */
const COMMANDS: readonly string[] = [
  'app create notebook --limit usd=5/day --warn usd=3/day --rpm 60 --model gpt-5* --mode observe',
  'app create bot --limit tokens=200k/hour --tpm 9000 --concurrency 2 --origin http://localhost:3000',
  'app show notebook',
  'app set notebook --limit usd=7/day --remove-limit usd/day --rpm none --mode enforce',
  'app set bot --name robot --limit requests=10/minute --max-output-tokens 500 --unpriced dearest',
  'app pause robot',
  'app resume robot',
  'app rotate robot',
  'limit set usd=50/month tokens=1.5M/week',
  'limit set usd=40/month --warn',
  'limit remove usd/month',
  'limit list',
  'price list gpt-5.4-mini',
  'price list a-model-of-mine',
  'price set a-model-of-mine --input 2.50 --output 10 --context 9000',
  'price list a-model-of-mine',
  'price unset a-model-of-mine',
  'usage',
  'usage --by day --since 7d --app notebook',
  'requests',
  'key status',
  'key test',
  'app remove notebook',
  'app list',
];

let alone: CommandHome;
let served: CommandHome;
beforeAll(async () => {
  [alone, served] = await Promise.all([openCommandHome(), openCommandHome()]);
  await served.serve();
});
afterAll(async () => {
  await Promise.all([alone.close(), served.close()]);
});

test.each(COMMANDS)('tollgate %s', async (line) => {
  // Lists are compared as people read them, everything else as scripts do.
  const isForPeople = /^(app list|requests)/.test(line);
  const args = [...line.split(' '), ...(isForPeople ? [] : ['--json'])];
  const [own, through] = await Promise.all([alone.run(args), served.run(args)]);
  expect(through.stderr).toBe(own.stderr);
  expect(masked(through.stdout)).toBe(masked(own.stdout));
  expect(own.stdout + own.stderr).not.toBe('');
  expect([own.code, through.code]).toEqual(line === UNPRICED && !hasPrice ? [1, 1] : [0, 0]);
  if (line.startsWith('price set')) hasPrice = true;
});

const UNPRICED = 'price list a-model-of-mine';
let hasPrice = false;

test('what was spent reads the same after the engine has stopped', async () => {
  const engine = await alone.serve();
  const { token } = await alone.json<{ token: string }>(['app', 'create', 'spender', '--limit', 'usd=1/day']);
  for (const model of ['gpt-5.4-mini', 'gpt-5.4', 'no-such-model']) {
    const answer = await fetch(`${engine.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }] }),
    });
    await answer.arrayBuffer();
  }
  const read = async (): Promise<string[]> => {
    const lines = ['usage --by model', 'requests', 'app list', 'limit list'];
    const results = await Promise.all(lines.map((line) => alone.run([...line.split(' '), '--json'])));
    return results.map(({ stdout }) => withoutClock(stdout));
  };
  const running = await read();
  expect(await engine.stop()).toBe(0);
  expect(await read()).toEqual(running);
  expect(running[0]).toContain(`"costNanoUsd":${alone.openai.bill.totalNanoUsd()}`);
});

/** Without what moves on by itself: a limit by the minute may begin a new window between two readings. */
function withoutClock(text: string): string {
  return text.replace(/"(to|resetsAt)":"[^"]*"/g, '"$1":"LATER"');
}

/** Without what two homes cannot have in common. */
function masked(text: string): string {
  return text
    .replace(/app_[0-9a-f]{16}/g, 'app_ID')
    .replace(/tg_[A-Za-z0-9_-]+/g, 'tg_TOKEN')
    .replace(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g, 'INSTANT')
    .replace(/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}([+-]\d{2}:\d{2})?/g, 'WHEN');
}
