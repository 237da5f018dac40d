import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Tool } from '../../../proxy/contract/snippets.ts';
import { ask } from '../../helpers/alerts.ts';
import { CANARY_KEY, openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

let home: string;
let tollgate: Tollgate;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'tollgate-tools-'));
  tollgate = await openTollgate({ config: { userHome: home } });
  await tollgate.createApp('notebook', ['usd=5/day']);
});
afterEach(async () => {
  await tollgate.close();
  rmSync(home, { recursive: true, force: true });
});

const tools = async (): Promise<Tool[]> => (await tollgate.client.snippets.list({})).tools;
const tool = async (id: string): Promise<Tool> => {
  const found = (await tools()).find((each) => each.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
};
const args = (id: string) => ({ tool: id, app: 'notebook' });
const WITH_FILE = ['codex', 'aider', 'llm', 'opencode', 'continue'];

/** What somebody had there before, in the form of the tool's own file. */
const BEFORE: Readonly<Record<string, string>> = {
  codex: 'model = "mine"\n',
  aider: '# mine\nmodel: gpt-5.4\nopenai-api-key: sk-proj-SecretOfMineSecretOfMine0123456789\n',
  llm: '- model_id: mine\n  model_name: gpt-5.4\n',
  opencode:
    '{"theme":"dark","provider":{"mine":{"options":{"apiKey":"sk-proj-SecretOfMineSecretOfMine01"}}}}\n',
  continue: 'name: mine\nmodels: []\n',
};

test('every tool that has a file is in the list, below the home of the user', async () => {
  const found = (await tools()).filter(({ file }) => file !== null);
  expect(found.map(({ id }) => id).sort()).toEqual([...WITH_FILE].sort());
  for (const { file } of found) {
    expect(file?.path.startsWith(`${home}/`)).toBe(true);
    expect(file).toMatchObject({ state: 'absent', canRestore: false });
  }
});

test.each(WITH_FILE)('%s: nothing there, then ours, then nothing again', async (id) => {
  const { client, baseUrl } = tollgate;
  const preview = await client.snippets.preview(args(id));
  expect(preview).toMatchObject({ before: null, backup: null, written: false, token: null });
  expect(existsSync(preview.path)).toBe(false);
  const change = await client.snippets.write(args(id));
  expect(change).toMatchObject({ path: preview.path, before: null, backup: null, written: true });
  const text = readFileSync(change.path, 'utf8');
  expect(text).toContain(baseUrl);
  expect(text).not.toContain(CANARY_KEY);
  expect(statSync(change.path).mode & 0o077).toBe(0);
  const { file } = await tool(id);
  expect(file).toMatchObject({ state: 'written', canRestore: true });
  expect(text.includes(change.token ?? 'none')).toBe(file?.holdsToken);
  expect(await ask(tollgate, change.token ?? '')).toBe(200);
  expect(change.after).not.toContain(change.token);
  const { tokens } = await client.tokens.list({ app: 'notebook' });
  expect(tokens.map(({ label }) => label)).toContain((await tool(id)).name);
  const back = await client.snippets.restore(args(id));
  expect(back.backup).toBeNull();
  expect(existsSync(change.path)).toBe(false);
  expect((await tool(id)).file).toMatchObject({ state: 'absent', canRestore: false });
});

test.each(WITH_FILE)(
  '%s: what was there is kept, joined where it can be, and put back to the byte',
  async (id) => {
    const { client, baseUrl } = tollgate;
    const path = (await tool(id)).file?.path ?? '';
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, BEFORE[id] ?? '', { mode: 0o640 });
    expect((await tool(id)).file).toMatchObject({ state: 'foreign', canRestore: false });
    const preview = await client.snippets.preview(args(id));
    expect(readFileSync(path, 'utf8')).toBe(BEFORE[id]);
    // A secret of somebody else's is in no answer.
    expect(JSON.stringify(preview)).not.toContain('SecretOfMine');
    const change = await client.snippets.write(args(id));
    expect(JSON.stringify(change)).not.toContain('SecretOfMine');
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(baseUrl);
    if (id === 'aider') expect(text).toContain('# mine\nmodel: gpt-5.4\n');
    if (id === 'llm') expect(text.startsWith(BEFORE['llm'] ?? '-')).toBe(true);
    if (id === 'opencode') expect(JSON.parse(text)).toMatchObject({ theme: 'dark', provider: { mine: {} } });
    expect(change.backup).toBe(`${path}.before-tollgate`);
    expect(readFileSync(change.backup ?? '', 'utf8')).toBe(BEFORE[id]);
    expect(statSync(change.backup ?? '').mode & 0o077).toBe(0);
    // Once more: the backup is still what was there at first.
    const again = await client.snippets.write(args(id));
    expect(readFileSync(again.backup ?? '', 'utf8')).toBe(BEFORE[id]);
    await client.snippets.restore(args(id));
    expect(readFileSync(path, 'utf8')).toBe(BEFORE[id]);
    expect(existsSync(`${path}.before-tollgate`)).toBe(false);
  },
);

test('a file that was changed since is not put back over', async () => {
  const { client } = tollgate;
  const { path } = await client.snippets.write(args('aider'));
  writeFileSync(path, 'model: changed\n');
  await expect(client.snippets.restore(args('aider'))).rejects.toMatchObject({ code: 'tool_file_failed' });
  expect(readFileSync(path, 'utf8')).toBe('model: changed\n');
});

test('A29 a link, a folder and what cannot be joined stay as they are, and no token is made', async () => {
  const { client } = tollgate;
  const count = async (): Promise<number> => (await client.tokens.list({ app: 'notebook' })).tokens.length;
  const before = await count();
  const target = join(home, 'elsewhere');
  writeFileSync(target, 'untouched');
  symlinkSync(target, (await tool('aider')).file?.path ?? '');
  await expect(client.snippets.write(args('aider'))).rejects.toMatchObject({ code: 'tool_file_failed' });
  expect(readFileSync(target, 'utf8')).toBe('untouched');
  const json = (await tool('opencode')).file?.path ?? '';
  mkdirSync(dirname(json), { recursive: true });
  writeFileSync(json, '{ // a comment\n}');
  await expect(client.snippets.write(args('opencode'))).rejects.toMatchObject({ code: 'tool_file_failed' });
  expect(readFileSync(json, 'utf8')).toBe('{ // a comment\n}');
  mkdirSync((await tool('codex')).file?.path ?? '', { recursive: true });
  await expect(client.snippets.write(args('codex'))).rejects.toMatchObject({ code: 'tool_file_failed' });
  expect(await count()).toBe(before);
});

test('snippets hold the token that was given, and a name of a model that is one', async () => {
  const { client } = tollgate;
  const token = `tg_${'d'.repeat(43)}`;
  const plain = JSON.stringify(await tools());
  expect(plain).toContain('tg_YOUR_APP_TOKEN');
  expect(plain).not.toContain(CANARY_KEY);
  const { tools: filled } = await client.snippets.list({ token, model: 'gpt-5.4' });
  const texts = filled.flatMap(({ snippets }) => snippets.map(({ text }) => text));
  expect(texts.some((text) => text.includes(token))).toBe(true);
  expect(texts.some((text) => text.includes('gpt-5.4'))).toBe(true);
  expect(JSON.stringify(filled)).not.toContain('tg_YOUR_APP_TOKEN');
  for (const model of ['"; rm -rf ~; "', '$(id)', "a'b", 'a\nb', '-x']) {
    await expect(client.snippets.list({ model })).rejects.toMatchObject({ code: 'input_invalid' });
  }
  for (const wrong of ['sk-proj-aaaaaaaaaaaaaaaaaaaaaa', 'tg_$(id)aaaaaaaaaaaaaaaaaaaa']) {
    await expect(client.snippets.list({ token: wrong })).rejects.toThrow();
  }
  await expect(client.snippets.write({ tool: '../../etc', app: 'notebook' })).rejects.toMatchObject({
    code: 'tool_unknown',
  });
  await expect(client.snippets.write({ tool: 'curl', app: 'notebook' })).rejects.toMatchObject({
    code: 'tool_file_failed',
  });
});

test('a tool is tried with a token that dies with it, and costs what one answer costs', async () => {
  const { client, openai } = tollgate;
  const curl = await tool('curl');
  if (!curl.tryIt.possible) {
    await expect(client.snippets.tryIt(args('curl'))).rejects.toMatchObject({ code: 'input_invalid' });
    return;
  }
  const tried = await client.snippets.tryIt(args('curl'));
  expect(tried).toMatchObject({ ok: true, costNanoUsd: openai.bill.totalNanoUsd() });
  expect(tried.command).not.toMatch(/tg_[A-Za-z0-9_-]{8}/);
  expect(tried.output).not.toMatch(/tg_[A-Za-z0-9_-]{8}|sk-/);
  expect((await client.requests.get({ id: tried.requestId ?? '' })).request.outcome).toBe('settled');
  const { tokens } = await client.tokens.list({ app: 'notebook' });
  expect(tokens.filter(({ kind }) => kind === 'run')).toEqual([]);
});
