import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';
import { CANARY_KEY } from '../../helpers/open-tollgate.ts';

/** The store that needs no keychain and can be written. */
const STORE = {
  TOLLGATE_KEY_STORE: 'file',
  TOLLGATE_PASSPHRASE: 'a passphrase for tests',
  OPENAI_API_KEY: '',
};

let commands: CommandHome;
beforeAll(async () => {
  commands = await openCommandHome();
  await commands.serve([], { env: STORE });
});
afterAll(() => commands.close());

const setKey = (input: string, ...args: string[]) =>
  commands.run(['key', 'set', '--stdin', ...args], { env: STORE, input });

test.each([
  ['a line break', `${CANARY_KEY}\r\n`],
  ['curly quotes and a byte order mark', `\ufeff“${CANARY_KEY}”`],
  ['a line of a shell script', `export OPENAI_API_KEY='${CANARY_KEY}';`],
])('%s', async (_title, input) => {
  const { code, stdout, stderr } = await setKey(input);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^Stored the key in encrypted file \(fingerprint [0-9a-f]{8}\)\.\n$/);
  expect(code).toBe(0);
});

const WRONG_KEY = 'sk-proj-WrongWrongWrongWrongWrong0123456789abcdef';
const ADMIN_KEY = 'sk-admin-WrongWrongWrongWrongWrong0123456789abc';
const APP_TOKEN = `tg_${'WrongToken0'.repeat(4)}`;

test.each([
  ['nothing', '', 1, 'key_malformed', /it is empty/],
  ['something else', 'hello', 1, 'key_malformed', /does not begin with `sk-`/],
  ['the form that OpenAI shows', 'sk-proj-abcd...wxyz', 1, 'key_malformed', /the shortened form/],
  ['two keys', `${CANARY_KEY} ${WRONG_KEY}`, 1, 'key_malformed', /a space or a line break/],
  ['a part of a key', 'sk-a', 1, 'key_malformed', /too short/],
  ['an admin key', ADMIN_KEY, 1, 'key_is_admin', /admin key/],
  ['an app token', APP_TOKEN, 1, 'key_is_app_token', /app token, not an OpenAI key/],
  ['a key that OpenAI refuses', WRONG_KEY, 1, 'key_refused_upstream', /401: it is wrong/],
  ['a megabyte', 'x'.repeat(1_000_000), 2, 'input_invalid', /too long/],
])('%s is refused without an echo', async (_title, input, exitCode, errorCode, message) => {
  const { code, stdout, stderr } = await setKey(input, '--json');
  const { error } = JSON.parse(stderr) as { error: { code: string; message: string; hint: string } };
  expect(error).toEqual({
    code: errorCode,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/.{20}/),
  });
  expect([code, stdout]).toEqual([exitCode, '']);
  for (const secret of [CANARY_KEY, WRONG_KEY, ADMIN_KEY, APP_TOKEN, 'hello']) {
    expect(stderr).not.toContain(secret);
  }
});

test.each([
  ['an argument', ['key', 'set', WRONG_KEY]],
  ['an option', ['key', 'set', `--key=${WRONG_KEY}`]],
  ['the name of a command', [WRONG_KEY]],
  ['an app', ['app', 'show', WRONG_KEY]],
])('a key given as %s is refused and not repeated', async (_title, args) => {
  const { code, stdout, stderr } = await commands.run(args, { env: STORE });
  expect(code).not.toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toContain('tollgate: error: ');
  expect(stderr).not.toContain('Wrong');
});

test('a key that cannot be checked is not stored, but with --no-verify', async () => {
  const TOLLGATE_HOME = `${commands.home}/offline`;
  const env = { ...STORE, TOLLGATE_HOME, TOLLGATE_UPSTREAM: 'http://127.0.0.1:9/v1' };
  const refused = await commands.run(['key', 'set', '--stdin'], { env, input: CANARY_KEY });
  expect(refused.stderr).toMatch(
    /could not be checked: ECONNREFUSED\. It was not stored\.\nhint: .*--no-verify/,
  );
  expect(refused.code).toBe(1);
  expect((await commands.run(['key', 'status', '--json'], { env })).stdout).toContain('"state":"missing"');
  const unchecked = await commands.run(['key', 'set', '--stdin', '--no-verify'], { env, input: CANARY_KEY });
  expect([unchecked.code, unchecked.stderr]).toEqual([0, '']);
  expect((await commands.run(['key', 'status', '--json'], { env })).stdout).toContain('"state":"ready"');
});

test('the env key store cannot be changed', async () => {
  for (const args of [['set', '--stdin'], ['rotate', '--stdin'], ['remove']]) {
    const env = { TOLLGATE_HOME: `${commands.home}/other` };
    const { code, stderr } = await commands.run(['key', ...args], { env, input: CANARY_KEY });
    expect(stderr).toContain('The env key store cannot be changed from here.');
    expect(code).toBe(1);
  }
});

test('without a key, key status says what to do and fails', async () => {
  const env = { ...STORE, TOLLGATE_HOME: `${commands.home}/empty` };
  const { code, stdout, stderr } = await commands.run(['key', 'status'], { env });
  expect(stdout).toBe('No key is stored in the encrypted file.\n');
  expect(stderr).toBe('hint: Store one with `tollgate key set`.\n');
  expect(code).toBe(1);
  const tested = await commands.run(['key', 'test'], { env });
  expect(tested.stderr).toContain('No OpenAI key is stored.\nhint: Store one with `tollgate key set`.');
  expect(tested.code).toBe(1);
});
