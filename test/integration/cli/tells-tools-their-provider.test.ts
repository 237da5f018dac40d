import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';

/** Stands for each of the tools: prints what it was given. */
const TOOL = `#!/usr/bin/env node
const { argv, env } = process;
process.stdout.write(JSON.stringify({ args: argv.slice(2), env }));
`;
const TOOLS = ['codex', 'copilot', 'goose', 'llm', 'opencode', 'qwen'];

interface Given {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

let commands: CommandHome;
let path: string;
beforeAll(async () => {
  commands = await openCommandHome();
  await commands.serve();
  const bin = join(commands.home, 'bin');
  path = `${bin}:${process.env['PATH']}`;
  await mkdir(bin);
  for (const name of TOOLS) {
    await writeFile(join(bin, name), TOOL);
    await chmod(join(bin, name), 0o755);
  }
});
afterAll(() => commands.close());

const run = (command: readonly string[], env: Record<string, string> = {}, ...options: string[]) =>
  commands.run(['run', '--app', 'tools', ...options, '--', ...command], { env: { ...env, PATH: path } });

async function given(command: readonly string[], env: Record<string, string> = {}): Promise<Given> {
  const { code, stdout, stderr } = await run(command, env);
  expect([code, stderr.split('\n').length]).toEqual([0, 3]);
  return JSON.parse(stdout) as Given;
}

test('the app of these runs', async () => {
  expect((await commands.run(['app', 'create', 'tools'])).code).toBe(0);
});

test('codex gets a provider with -c, before its own arguments', async () => {
  const { args, env } = await given(['codex', 'exec', '--', 'Say hello']);
  expect(args).toEqual([
    ...['-c', 'model_provider="tollgate"'],
    ...['-c', 'model_providers.tollgate.name="Tollgate"'],
    ...['-c', `model_providers.tollgate.base_url="${env['OPENAI_BASE_URL']}"`],
    ...['-c', 'model_providers.tollgate.env_key="OPENAI_API_KEY"'],
    ...['-c', 'model_providers.tollgate.wire_api="responses"'],
    ...['exec', '--', 'Say hello'],
  ]);
  expect(args.join(' ')).not.toContain('tg_');
});

test.each([
  ['-c', 'model_provider=mine'],
  ['--config=model_provider="mine"'],
  ['-cmodel_provider=mine'],
  ['exec', '--oss'],
])('codex with a provider of its own is refused: %s', async (...args) => {
  const { code, stdout, stderr } = await run(['codex', ...args]);
  expect(stderr).toContain('this codex command already chooses a provider');
  expect([code, stdout]).toEqual([2, '']);
  const left = await run(['codex', ...args], {}, '--no-adapter');
  expect((JSON.parse(left.stdout) as Given).args).toEqual(args);
});

test('codex may speak of providers in its prompt, and set other things', async () => {
  const own = ['-c', 'model_reasoning_effort=low', 'exec', '--', '-c', 'model_provider=x'];
  const { args } = await given(['codex', ...own]);
  expect(args.slice(10)).toEqual(own);
});

test('opencode gets its provider in the environment, beside what is there', async () => {
  const before = { theme: 'dark', provider: { openai: { options: { timeout: 9 }, models: {} }, x: {} } };
  const { args, env } = await given(['opencode', 'run', 'hi'], {
    OPENCODE_CONFIG_CONTENT: JSON.stringify(before),
  });
  expect(args).toEqual(['run', 'hi']);
  const options = { timeout: 9, baseURL: env['OPENAI_BASE_URL'], apiKey: env['OPENAI_API_KEY'] };
  expect(JSON.parse(env['OPENCODE_CONFIG_CONTENT'] ?? '')).toEqual({
    theme: 'dark',
    provider: { openai: { options, models: {} }, x: {} },
  });
});

test('opencode with a configuration that cannot be read is refused', async () => {
  const { code, stderr } = await run(['opencode'], { OPENCODE_CONFIG_CONTENT: '{"theme":' });
  expect(stderr).toContain('OPENCODE_CONFIG_CONTENT is not JSON');
  expect(code).toBe(2);
});

test('copilot gets its provider in the environment', async () => {
  const { env } = await given(['copilot', '--model', 'gpt-5.4']);
  expect(env).toMatchObject({
    COPILOT_PROVIDER_TYPE: 'openai',
    COPILOT_PROVIDER_BASE_URL: env['OPENAI_BASE_URL'],
    COPILOT_PROVIDER_API_KEY: env['OPENAI_API_KEY'],
    COPILOT_PROVIDER_WIRE_API: 'responses',
  });
  expect((await run(['copilot'])).stderr).toContain('it needs COPILOT_MODEL or --model');
});

test.each([
  [
    ['-m', 'gpt-5.4', 'Say hello'],
    ['--key', 'TOKEN', '-m', 'gpt-5.4', 'Say hello'],
  ],
  [
    ['chat', '-m', 'gpt-5.4'],
    ['chat', '--key', 'TOKEN', '-m', 'gpt-5.4'],
  ],
  [['models'], ['models']],
  [
    ['--key', 'mine', 'Say hello'],
    ['--key', 'mine', 'Say hello'],
  ],
])('llm %j is run as %j', async (own, expected) => {
  const { args, env } = await given(['llm', ...own]);
  expect(args).toEqual(expected.map((arg) => (arg === 'TOKEN' ? env['OPENAI_API_KEY'] : arg)));
});

test('qwen gets its provider with flags, which go before its settings', async () => {
  const { args, env } = await given(['qwen', '-p', 'hi']);
  const url = env['OPENAI_BASE_URL'];
  expect(args).toEqual(['--auth-type', 'openai-responses', '--openai-base-url', url, '-p', 'hi']);
  expect((await given(['qwen', '--auth-type=openai', '-p', 'hi'])).args).toEqual([
    ...['--openai-base-url', url],
    ...['--auth-type=openai', '-p', 'hi'],
  ]);
  expect((await given(['qwen', 'mcp', 'list'])).args).toEqual(['mcp', 'list']);
});

test('every other tool gets the environment alone; --quiet says nothing', async () => {
  const { code, stdout, stderr } = await run(['goose', '-p', 'hi'], {}, '--quiet');
  expect([code, stderr]).toEqual([0, '']);
  expect((JSON.parse(stdout) as Given).args).toEqual(['-p', 'hi']);
});
