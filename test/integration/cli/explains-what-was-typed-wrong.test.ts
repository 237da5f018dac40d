import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';

interface ShownError {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
}

let commands: CommandHome;
beforeAll(async () => {
  commands = await openCommandHome();
  await commands.serve();
  await commands.json(['app', 'create', 'notebook', '--limit', 'usd=5/day']);
});
afterAll(() => commands.close());

const LIMIT_HINT = /METRIC=AMOUNT\/WINDOW/;
const NAME_HINT = /1 to 64 letters/;
const PRICE_HINT = /--input 2.50 --output 10/;

/** What is typed, the exit code, the code of the error, its message, its hint. */
const MISTAKES: readonly (readonly [string, number, string, RegExp, RegExp])[] = [
  ['frobnicate', 2, 'input_invalid', /^Unknown command 'frobnicate'\.$/, /`tollgate --help`/],
  ['usag', 2, 'input_invalid', /Did you mean usage\?/, /`tollgate --help`/],
  ['app frobnicate', 2, 'input_invalid', /Unknown command 'frobnicate'/, /`tollgate app --help`/],
  ['app create', 2, 'input_invalid', /Missing required argument 'name'/, /`tollgate app create --help`/],
  ['app list --frob', 2, 'input_invalid', /Unknown option '--frob'/, /`tollgate app list --help`/],
  ['app list extra', 2, 'input_invalid', /Too many arguments for 'list'/, /`tollgate app list --help`/],
  ['serve --port 99999', 2, 'input_invalid', /port from 0 to 65535/, /`tollgate serve --help`/],
  ['serve --port abc', 2, 'input_invalid', /port from 0 to 65535/, /`tollgate serve --help`/],
  ['serve --key-store disk', 2, 'input_invalid', /keychain, env, file/, /`tollgate serve --help`/],
  ['serve --zone Mars/Olympus', 2, 'input_invalid', /not a time zone/, /`tollgate serve --help`/],
  ['app create bad/name', 2, 'app_name_invalid', /"bad\/name": it has other characters/, NAME_HINT],
  [`app create ${'a'.repeat(65)}`, 2, 'app_name_invalid', /it is too long/, NAME_HINT],
  ['app create Notebook', 1, 'app_exists', /already is an app "Notebook"/, /tollgate app set Notebook/],
  ['app show nobody', 1, 'app_unknown', /no app "nobody"/, /tollgate app list/],
  ['usage --app nobody', 1, 'app_unknown', /no app "nobody"/, /tollgate app list/],
  ['requests --follow --app nobody', 1, 'app_unknown', /no app "nobody"/, /tollgate app list/],
  ['app create x --limit usd=5', 2, 'limit_malformed', /METRIC=AMOUNT\/WINDOW/, LIMIT_HINT],
  ['app create x --limit eur=5/day', 2, 'limit_malformed', /"eur" is not one of usd, tokens/, LIMIT_HINT],
  ['app create x --limit usd=5/year', 2, 'limit_malformed', /"year" is not one of minute/, LIMIT_HINT],
  ['app create x --limit usd=-5/day', 2, 'limit_malformed', /"-5" is not an amount of dollars/, LIMIT_HINT],
  ['app create x --limit usd=1e3/day', 2, 'limit_malformed', /"1e3" is not an amount/, LIMIT_HINT],
  ['app create x --limit usd=0.0000000001/day', 2, 'limit_malformed', /nine decimals/, LIMIT_HINT],
  ['app create x --warn tokens=many/day', 2, 'limit_malformed', /"many" is not a whole number/, LIMIT_HINT],
  ['limit set usd=5', 2, 'limit_malformed', /METRIC=AMOUNT\/WINDOW/, LIMIT_HINT],
  ['limit remove usd', 2, 'limit_malformed', /METRIC\/WINDOW/, LIMIT_HINT],
  ['limit remove usd/week', 1, 'limit_unknown', /no limit usd\/week/, /tollgate limit list/],
  ['app set notebook --remove-limit usd/week', 1, 'limit_unknown', /no limit usd\/week/, /tollgate/],
  ['app create x --rpm 0', 2, 'input_invalid', /whole number from 1/, /`tollgate app create --help`/],
  ['app create x --allow everything', 2, 'input_invalid', /--allow knows files/, /tollgate help/],
  ['app create x --origin localhost:3000', 2, 'input_invalid', /is not an origin/, /tollgate help/],
  ['usage --since yesterday', 2, 'input_invalid', /neither a date like/, /tollgate help/],
  ['usage --since 2026-02-30', 2, 'input_invalid', /neither a date like/, /tollgate help/],
  ['usage --by colour', 2, 'input_invalid', /app, model, day, user, endpoint/, /`tollgate usage --help`/],
  ['price set m', 2, 'price_malformed', /no rate is given/, PRICE_HINT],
  ['price set m --input cheap', 2, 'price_malformed', /"cheap" is not an amount/, PRICE_HINT],
  ['price set m --input 99999999', 2, 'price_malformed', /not an amount of dollars/, PRICE_HINT],
  ['price unset gpt-5.4-mini', 1, 'price_unknown', /no price of your own/, /tollgate price list/],
  ['run --limit usd=5 -- true', 2, 'limit_malformed', /METRIC=AMOUNT\/WINDOW/, LIMIT_HINT],
  ['run', 2, 'input_invalid', /Missing required argument 'command'/, /`tollgate run --help`/],
  ['run --app nobody -- true', 125, 'app_unknown', /no app "nobody"/, /tollgate app list/],
];

test.concurrent.each(MISTAKES)('tollgate %s', async (line, exitCode, code, message, hint) => {
  const { code: exit, stdout, stderr } = await commands.run(['--json', ...line.split(' ')]);
  const { error } = JSON.parse(stderr) as ShownError;
  expect(error).toEqual({
    code,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
  expect([exit, stdout]).toEqual([exitCode, '']);
});

test.concurrent.each([
  ['frobnicate', 2, "Unknown command 'frobnicate'.", 'See `tollgate --help`.'],
  ['app show nobody', 1, 'There is no app "nobody".', 'List the apps with `tollgate app list`.'],
  ['run --app nobody -- true', 125, 'There is no app "nobody".', 'List the apps with `tollgate app list`.'],
])('tollgate %s: two lines for people', async (line, exitCode, message, hint) => {
  const { code, stdout, stderr } = await commands.run(line.split(' '));
  expect(stderr).toBe(`tollgate: error: ${message}\nhint: ${hint}\n`);
  expect([code, stdout]).toEqual([exitCode, '']);
});

test('--json is understood in any place before the arguments', async () => {
  for (const line of ['--json app list', 'app --json list', 'app list --json']) {
    expect(JSON.parse((await commands.run(line.split(' '))).stdout)).toHaveProperty('apps');
  }
});

test('a command without its subcommand shows help on stderr', async () => {
  for (const args of [[], ['app'], ['key']]) {
    const { code, stdout, stderr } = await commands.run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Commands:');
  }
});
