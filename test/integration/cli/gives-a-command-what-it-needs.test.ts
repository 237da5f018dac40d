import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';
import { CANARY_KEY } from '../../helpers/open-tollgate.ts';

const DUMP = ['node', '-e', 'process.stdout.write(JSON.stringify(process.env))'];

let commands: CommandHome;
beforeAll(async () => {
  commands = await openCommandHome();
});
afterAll(() => commands.close());

const dumpEnv = async (env: Record<string, string>): Promise<Record<string, string>> => {
  const { code, stdout, stderr } = await commands.run(['run', '--quiet', '--', ...DUMP], { env });
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Record<string, string>;
};

test('the proxy and a token are set, under every name that clients read', async () => {
  const env = await dumpEnv({});
  expect(env['OPENAI_BASE_URL']).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
  expect(env['OPENAI_API_BASE']).toBe(env['OPENAI_BASE_URL']);
  expect(env['OPENAI_API_KEY']).toMatch(/^tg_[A-Za-z0-9_-]{40,}$/);
  expect(env['NO_PROXY']).toBe('127.0.0.1,localhost');
  expect(env['no_proxy']).toBe('127.0.0.1,localhost');
  expect(JSON.stringify(env)).not.toContain(CANARY_KEY);
});

test('what would lead around the proxy is taken out, the rest is left alone', async () => {
  const env = await dumpEnv({
    OPENAI_ADMIN_KEY: 'sk-admin-abc',
    OPENAI_ORG_ID: 'org-1',
    OPENAI_ORGANIZATION: 'org-1',
    OPENAI_PROJECT_ID: 'proj-1',
    OPENAI_CUSTOM_HEADERS: 'X-A: b',
    OPENAI_PROXY: 'http://proxy:1',
    TOLLGATE_PASSPHRASE: 'secret',
    NO_PROXY: 'internal.example, 127.0.0.1',
    HTTPS_PROXY: 'http://proxy:1',
    LLM_API_KEY: 'of-another-service',
    OPENAI_LOG: 'debug',
  });
  const names = Object.keys(env).filter((name) => name.startsWith('OPENAI_'));
  expect(names.sort()).toEqual(['OPENAI_API_BASE', 'OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_LOG']);
  expect(env).toMatchObject({
    NO_PROXY: 'internal.example,127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
    HTTPS_PROXY: 'http://proxy:1',
    LLM_API_KEY: 'of-another-service',
  });
  expect(env).not.toHaveProperty('TOLLGATE_PASSPHRASE');
});

test('one line on stderr says what was done, and what was not passed on', async () => {
  await commands.json(['app', 'create', 'notebook', '--limit', 'usd=1/day']);
  const { stdout, stderr } = await commands.run(
    ['run', '--app', 'notebook', '--limit', 'usd=0.5/total', '--', 'true'],
    { env: { OPENAI_ADMIN_KEY: 'sk-admin-abc' } },
  );
  expect(stdout).toBe('');
  expect(stderr).toMatch(
    /^tollgate: running as app notebook through http:\/\/127\.0\.0\.1:\d+\/v1, 1 limit\(s\) of its own\ntollgate: not passed on: OPENAI_ADMIN_KEY\n$/,
  );
});

test('without --app it belongs to an app named after the folder, made at the first run', async () => {
  const cwd = join(commands.home, 'My project (2)');
  await mkdir(cwd);
  const first = await commands.run(['run', '--', 'true'], { cwd });
  expect(first.stderr).toContain('created app My-project-2, without a limit yet');
  const second = await commands.run(['run', '--', 'true'], { cwd });
  expect(second.stderr).not.toContain('created');
  const { apps } = await commands.json<{ apps: { name: string; tokens: number }[] }>(['app', 'list']);
  expect(apps.filter(({ name }) => name === 'My-project-2')).toEqual([
    expect.objectContaining({ tokens: 0 }),
  ]);
});

test('standard input and output are the command’s own', async () => {
  const { code, stdout, stderr } = await commands.run(
    ['run', '--quiet', 'sh', '-c', 'cat; echo to stderr >&2', '--json', '--app', 'nobody'],
    { input: 'from stdin' },
  );
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'from stdin', stderr: 'to stderr\n' });
});

test.each([
  ['its own', ['sh', '-c', 'exit 7'], 7, ''],
  ['127 when it was not found', ['no-such-command'], 127, 'command_not_found'],
  ['126 when it cannot be executed', ['/etc/passwd'], 126, 'command_not_found'],
  ['128 + 15 when it was terminated', ['sh', '-c', 'kill -TERM $$'], 143, ''],
  ['128 + 9 when it was killed', ['sh', '-c', 'kill -KILL $$'], 137, ''],
])('the exit code is %s', async (_title, command, exitCode, errorCode) => {
  const { code, stderr } = await commands.run(['run', '--quiet', '--json', '--', ...command]);
  expect(code).toBe(exitCode);
  if (errorCode === '') expect(stderr).toBe('');
  else expect(JSON.parse(stderr)).toMatchObject({ error: { code: errorCode } });
});

test('without a key nothing is started', async () => {
  for (const [env, message] of [
    [{ OPENAI_API_KEY: '' }, 'OPENAI_API_KEY is not set'],
    [{ TOLLGATE_KEY_STORE: 'file' }, 'No OpenAI key is stored.'],
  ] as const) {
    const { code, stdout, stderr } = await commands.run(['run', '--quiet', '--', 'echo', 'started'], { env });
    expect(stderr).toContain(`tollgate: error: ${message}`);
    expect([code, stdout]).toEqual([125, '']);
  }
});
