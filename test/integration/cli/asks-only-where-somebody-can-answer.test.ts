import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';
import { CANARY_KEY } from '../../helpers/open-tollgate.ts';
import { commandEnv, LAUNCHER } from '../../helpers/tollgate-command.ts';
import { until } from '../../helpers/until.ts';

const FILE_STORE = { TOLLGATE_KEY_STORE: 'file', OPENAI_API_KEY: '' };
const PASSPHRASE = 'a passphrase for tests';

let commands: CommandHome;
beforeAll(async () => {
  commands = await openCommandHome();
  const env = { ...FILE_STORE, TOLLGATE_PASSPHRASE: PASSPHRASE };
  const { code } = await commands.run(['key', 'set', '--stdin'], { env, input: CANARY_KEY });
  expect(code).toBe(0);
});
afterAll(() => commands.close());

test.each([
  ['key set', 'the OpenAI key'],
  ['key rotate', 'the OpenAI key'],
  ['key set --stdin', 'the passphrase of the key file'],
  ['key set --stdin --no-input', 'the passphrase of the key file'],
  ['--no-input key set', 'the OpenAI key'],
  ['key --no-input set --json', 'the OpenAI key'],
])('tollgate %s, without a terminal: input_needed', async (line, what) => {
  const options = { env: FILE_STORE, input: CANARY_KEY };
  const { code, stdout, stderr } = await commands.run(line.split(' '), options);
  expect(stderr).toContain(`This command needs input: ${what}`);
  if (line.includes('--json')) {
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'input_needed' } });
  }
  expect([code, stdout]).toEqual([2, '']);
});

test('key status says that the passphrase is missing, and fails', async () => {
  const { code, stdout } = await commands.run(['key', 'status', '--json'], { env: FILE_STORE });
  expect(JSON.parse(stdout)).toMatchObject({ state: 'unavailable', problem: { code: 'input_needed' } });
  expect(code).toBe(1);
});

test('a run whose key is locked says how to unlock it, and starts nothing', async () => {
  const { code, stdout, stderr } = await commands.run(['run', '--', 'echo', 'started'], { env: FILE_STORE });
  expect(stderr).toContain('tollgate: error: The key file needs its passphrase: no passphrase was given.');
  expect(stderr).toContain('hint: Set TOLLGATE_PASSPHRASE');
  expect([code, stdout]).toEqual([125, '']);
});

test('commands that are not about the key need no passphrase', async () => {
  for (const line of ['app list', 'usage', 'requests', 'limit list', 'price list gpt-5.4']) {
    const { code } = await commands.run([...line.split(' '), '--no-input'], { env: FILE_STORE });
    expect([line, code]).toEqual([line, 0]);
  }
});

/** util-linux's `script` runs a command on a terminal of its own and copies what it shows. */
const hasScript = spawnSync('script', ['--version']).status === 0;
if (!hasScript) process.stderr.write('skipped "on a terminal": `script` of util-linux is not installed\n');

/** What the terminal shows when a person types the answers, each when its question appears. */
async function onTerminal(args: string, answers: readonly (readonly [string, string])[]) {
  const command = `${process.execPath} ${LAUNCHER} ${args}`;
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: commandEnv({ home: commands.home, env: { ...commands.env, ...FILE_STORE } }),
    stdio: 'pipe',
    // A question that is not answered would wait for ever.
    timeout: 15_000,
    killSignal: 'SIGKILL',
  });
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  const closed = once(child, 'close');
  for (const [question, answer] of answers) {
    await until(() => shown.includes(question), 10_000);
    child.stdin.write(answer);
  }
  const [code] = await closed;
  return { code, shown };
}

test.skipIf(!hasScript)(
  'on a terminal the key and the passphrase are asked for and not shown',
  { retry: 2 },
  async () => {
    const { code, shown } = await onTerminal('key rotate', [
      ['OpenAI key (it will not be shown): ', `${CANARY_KEY}\r`],
      ['Passphrase of the key file: ', `${PASSPHRASE}\r`],
    ]);
    expect(shown).toContain('Replaced the key in encrypted file');
    expect(shown).not.toContain('HeldBy');
    expect(shown).not.toContain('passphrase for tests');
    expect(code).toBe(0);
  },
);

test.skipIf(!hasScript)('on a terminal --no-input asks nothing', async () => {
  const { code, shown } = await onTerminal('key set --no-input', []);
  expect(shown).toContain('This command needs input: the OpenAI key.');
  expect(code).toBe(2);
});

test.skipIf(!hasScript)('on a terminal a question can be cancelled', async () => {
  const { code, shown } = await onTerminal('key set', [['it will not be shown', `sk-proj-half\u0003`]]);
  expect(shown).toContain('the question was cancelled');
  expect(shown).not.toContain('sk-proj-half');
  expect(code).toBe(2);
});
