import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, test as base, beforeAll, expect } from 'vitest';
import { openCommandHome } from '../helpers/command-home.ts';
import { ledgerOf, untilIdle } from '../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../helpers/open-tollgate.ts';
import { codexCli, hasProgramForThisMachine, runCodex } from './codex-cli.ts';
import { RequestWatch } from './watch-requests.ts';

/* The Codex CLI itself, with a real shell around it, at the proxy. */

if (codexCli.unavailable) process.stdout.write(`skipped: ${codexCli.unavailable}\n`);
const test = base.skipIf(codexCli.unavailable !== null);

let tollgate: Tollgate;
let watch: RequestWatch;
beforeAll(async () => {
  tollgate = await openTollgate();
  watch = new RequestWatch(tollgate.port);
});
afterAll(async () => {
  watch.close();
  await tollgate.close();
});

const target = async (app: string, limits: readonly string[]) => ({
  baseUrl: tollgate.baseUrl,
  token: await tollgate.createApp(app, limits),
});

// npm takes a failed download of an optional package for a success.
base('it is installed where it is published for this machine', () => {
  expect(hasProgramForThisMachine() ? codexCli.unavailable : null).toBeNull();
});

test('a run ends with the answer and is booked as OpenAI bills it', async () => {
  const codex = await target('whole', ['usd=50/day']);
  tollgate.openai.bill.reset();
  const { exitCode, stdout, stderr } = await runCodex(codex);
  expect([exitCode, stderr.includes('ERROR')]).toEqual([0, false]);
  expect(stdout).toMatch(/\w{3}/);
  await untilIdle(tollgate);
  const rows = await ledgerOf(tollgate, 'whole');
  expect(rows).toMatchObject([{ outcome: 'settled', endpoint: '/v1/responses', status: 200 }]);
  expect(rows[0]?.costNanoUsd).toBe(tollgate.openai.bill.totalNanoUsd());
});

test('all that it sends is one request, which offers web search', async () => {
  const codex = await target('sends', ['usd=50/day']);
  const before = tollgate.openai.received.length;
  await runCodex(codex);
  expect(watch.of(codex.token).map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /v1/responses',
  ]);
  const sent = tollgate.openai.received.slice(before);
  expect(sent).toHaveLength(1);
  const body = JSON.parse(sent[0]?.body.toString() ?? '') as Record<string, unknown>;
  expect(body).toMatchObject({ stream: true, store: false });
  expect((body['tools'] as { type: string }[]).map(({ type }) => type)).toContain('web_search');
  // Nothing of the app's token goes on to OpenAI.
  expect(JSON.stringify(sent[0]?.rawHeaders)).not.toContain(codex.token);
});

test('a capped run ends with 1, after one request, and says which limit and what to do', async () => {
  const codex = await target('capped', ['usd=0.000001/day']);
  const { exitCode, stdout, stderr } = await runCodex(codex);
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /^ERROR: You’ve hit your usage limit\. Limit of \$0\.000001 per day for app "capped"/m,
  );
  expect(stderr).toMatch(/Raise the limit with `tollgate app set`.*, or try again at /);
  expect(stderr).not.toContain('billing');
  expect(watch.of(codex.token)).toHaveLength(1);
});

test('without web search it works under a small limit', async () => {
  const codex = await target('small', ['usd=0.5/day']);
  const { exitCode } = await runCodex(codex, {}, { settings: ['web_search = "disabled"'] });
  expect(exitCode).toBe(0);
  await untilIdle(tollgate);
  expect(await ledgerOf(tollgate, 'small')).toMatchObject([{ outcome: 'settled' }]);
});

test.each([['gpt-5.5'], ['gpt-6-sol'], ['gpt-6.1-sol'], ['gpt-6-luna']])(
  'a run with %s, whose tools are others',
  async (model) => {
    const codex = await target(model, ['usd=200/day']);
    const { exitCode, stderr } = await runCodex(codex, { model });
    expect([exitCode, stderr.includes('ERROR')]).toEqual([0, false]);
    await untilIdle(tollgate);
    expect(await ledgerOf(tollgate, model)).toMatchObject([{ outcome: 'settled', model }]);
  },
);

test('its built-in provider, which tries a socket first, comes to an answer too', async () => {
  const codex = await target('built-in', ['usd=50/day']);
  tollgate.openai.bill.reset();
  const { exitCode, stdout } = await runCodex(codex, {}, { builtIn: true });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/\w{3}/);
  await untilIdle(tollgate);
  // Over the socket where there is one, which it warms up with a turn of its own; else over HTTP.
  const rows = await ledgerOf(tollgate, 'built-in');
  expect(rows.map(({ outcome }) => outcome)).toEqual(rows.map(() => 'settled'));
  const spent = rows.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0), 0);
  expect([spent > 0, spent]).toEqual([true, tollgate.openai.bill.totalNanoUsd()]);
});

test('its built-in provider stops at a used-up limit, and says which, over its socket too', async () => {
  const codex = await target('built-in-capped', ['usd=0.000001/day']);
  const before = tollgate.openai.bill.rows.length;
  const { exitCode, stdout, stderr } = await runCodex(codex, {}, { builtIn: true });
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /^ERROR: You’ve hit your usage limit\. .*for app "built-in-capped" would be exceeded/m,
  );
  expect(tollgate.openai.bill.rows).toHaveLength(before);
});

test('`tollgate run` sets it up by itself, within the limit of the run', async () => {
  const commands = await openCommandHome();
  try {
    await commands.serve();
    await commands.run(['app', 'create', 'agent', '--limit', 'usd=50/day']);
    const home = join(commands.home, 'codex');
    const bin = join(commands.home, 'bin');
    await mkdir(home);
    await mkdir(bin);
    await writeFile(join(home, 'config.toml'), QUIET);
    const program = fileURLToPath(new URL('node_modules/@openai/codex/bin/codex.js', import.meta.url));
    await chmod(program, 0o755);
    await symlink(program, join(bin, 'codex'));
    const env = { CODEX_HOME: home, PATH: `${bin}:${process.env['PATH']}` };
    const codex = ['codex', 'exec', '--skip-git-repo-check', '-m', 'gpt-5.4-mini', 'Say hello'];
    const run = (...options: string[]) =>
      commands.run(['run', '--app', 'agent', ...options, '--', ...codex], { env, cwd: home });

    const whole = await run();
    expect([whole.code, whole.stdout.trim().length > 2]).toEqual([0, true]);
    expect(whole.stderr).toContain('codex: provider set with -c flags');
    expect(commands.openai.bill.rows).toHaveLength(1);

    const capped = await run('--limit', 'usd=0.000001/total');
    expect([capped.code, capped.stdout]).toEqual([1, '']);
    expect(capped.stderr).toContain('for this run would be exceeded');
    expect(commands.openai.bill.rows).toHaveLength(1);
  } finally {
    await commands.close();
  }
});

/** Nothing that calls elsewhere than the proxy. */
const QUIET = `check_for_update_on_startup = false
[analytics]
enabled = false
[features]
plugins = false
apps = false
`;
