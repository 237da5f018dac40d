import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ledgerOf } from '../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../helpers/open-tollgate.ts';
import { codexCli } from './codex-cli.ts';

/* "Try it" of the connect gallery, with the tools themselves where a person who has them starts the engine. */

const here = fileURLToPath(new URL('.', import.meta.url));
const TOOLS = ['curl', 'openai-node', 'langchain-js', 'ai-sdk', 'codex'];

let tollgate: Tollgate;
beforeAll(async () => {
  process.env['PATH'] = `${here}node_modules/.bin:${process.env['PATH']}`;
  process.chdir(here);
  tollgate = await openTollgate();
});
afterAll(() => tollgate.close());

test.for(TOOLS)('%s is tried, and costs what OpenAI bills', async (id, { skip }) => {
  const { client, openai } = tollgate;
  const unavailable = id === 'codex' ? codexCli.unavailable : await reasonAgainst(id);
  if (unavailable !== null) {
    process.stdout.write(`skipped: ${unavailable}\n`);
    skip(unavailable);
  }
  await tollgate.createApp(id, ['usd=20/day']);
  openai.bill.reset();
  const tried = await client.snippets.tryIt({ tool: id, app: id });
  expect(tried.output).toMatch(/\w{3}/);
  expect(tried).toMatchObject({ ok: true, costNanoUsd: openai.bill.totalNanoUsd() });
  expect(tried.command + tried.output).not.toMatch(/tg_[A-Za-z0-9_-]{8}|sk-[A-Za-z0-9]/);
  expect(await ledgerOf(tollgate, id)).toMatchObject([{ outcome: 'settled', status: 200 }]);
});

/** Why a tool cannot be tried on this machine, or null. */
async function reasonAgainst(id: string): Promise<string | null> {
  const { tools } = await tollgate.client.snippets.list({});
  const entry = tools.find((tool) => tool.id === id)?.tryIt;
  if (!entry) throw new Error(`no ${id}`);
  return entry.possible ? null : `${id}: ${entry.detail}`;
}
