import { afterEach, expect, test } from 'vitest';
import { expectLedgerIsBill, ledgerOf } from '../../helpers/ledger.ts';
import { temporaryDir } from '../../helpers/ledger-files.ts';
import { openTollgate, type Tollgate, type TollgateOptions } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';
import { SOON } from './batch-fixture.ts';

/*
 * What a request continues is read anew, and billed anew, by every response. Its hold counts what is known
 * of it, and the whole context of the model where nothing is.
 */
let tollgate: Tollgate;
afterEach(() => tollgate.close());

async function open(options: TollgateOptions = {}, limit = 'usd=5/day'): Promise<string> {
  tollgate = await openTollgate({ ...options, config: { latePolling: SOON, ...options.config } });
  return tollgate.createApp('worker', [limit]);
}

/** 128,000 tokens at $0.15 a million. */
const WHOLE_CONTEXT = 128_000 * 150;
const ask = (more: object) => ({
  model: 'gpt-4o-mini',
  input: 'Write 30 tokens',
  max_output_tokens: 50,
  ...more,
});

/** Rows of responses, in order. */
const rows = async () => (await ledgerOf(tollgate)).filter(({ endpoint }) => endpoint === '/v1/responses');
const lastHold = async (): Promise<number> => (await rows()).at(-1)?.holdNanoUsd ?? 0;

async function respond(token: string, more: object = {}): Promise<string> {
  return (await tollgate.sdk(token, { maxRetries: 0 }).responses.create(ask(more))).id;
}

test('A52 a chain of responses is held and billed for all that came before, each time', async () => {
  const token = await open();
  let id = await respond(token);
  for (let turn = 0; turn < 8; turn += 1) id = await respond(token, { previous_response_id: id });
  const held = await rows();
  const inputs = held.map(({ inputTokens }) => inputTokens ?? 0);
  expect(inputs).toEqual([...inputs].sort((a, b) => a - b));
  expect(inputs.at(-1)).toBeGreaterThan((inputs[0] ?? 0) + 8 * 30);
  for (const { holdNanoUsd, costNanoUsd } of held) {
    expect(holdNanoUsd).toBeGreaterThanOrEqual(costNanoUsd ?? 0);
    expect(holdNanoUsd).toBeLessThan(WHOLE_CONTEXT / 10);
  }
  await expectLedgerIsBill(tollgate);
});

test('A52 a chain under a small cap ends before the cap is crossed', async () => {
  const token = await open({}, 'usd=0.0008/day');
  const links = async (): Promise<number> => {
    let id = await respond(token);
    for (let turn = 1; ; turn += 1) {
      const next = await respond(token, { previous_response_id: id }).catch((error: { code: string }) => {
        expect(error.code).toBe('insufficient_quota');
        return null;
      });
      if (next === null) return turn;
      id = next;
    }
  };
  expect(await links()).toBeGreaterThan(3);
  expect(tollgate.openai.bill.totalNanoUsd()).toBeLessThanOrEqual(800_000);
  await expectLedgerIsBill(tollgate);
});

test('A51 what is kept is not billed again, however often it is read', async () => {
  const token = await open();
  const sdk = tollgate.sdk(token);
  const id = await respond(token);
  const { id: chat } = await sdk.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'Hi' }],
    store: true,
  });
  const billed = tollgate.openai.bill.rows.length;
  for (let time = 0; time < 3; time += 1) {
    // Each of them says the usage once more.
    expect((await sdk.responses.retrieve(id)).usage?.output_tokens).toBe(30);
    await sdk.responses.inputItems.list(id);
    expect((await sdk.chat.completions.retrieve(chat)).usage?.total_tokens).toBeGreaterThan(0);
    await sdk.chat.completions.list();
    await sdk.chat.completions.messages.list(chat);
  }
  expect(tollgate.openai.bill.rows).toHaveLength(billed);
  await expectLedgerIsBill(tollgate);
});

test('A52 a conversation grows by what is put in and by what is answered', async () => {
  const token = await open();
  const sdk = tollgate.sdk(token);
  const { id: conversation } = await sdk.conversations.create({
    items: [{ type: 'message', role: 'user', content: 'toll '.repeat(400) }],
  });
  await respond(token, { conversation });
  const first = await lastHold();
  expect(first).toBeGreaterThan(2_000 * 150);
  await respond(token, { conversation });
  await sdk.conversations.items.create(conversation, {
    items: [{ type: 'message', role: 'user', content: 'gate '.repeat(400) }],
  });
  const before = await lastHold();
  await respond(token, { conversation });
  expect(await lastHold()).toBeGreaterThan(before + 2_000 * 150);
  for (const { holdNanoUsd, costNanoUsd } of await rows()) {
    expect(holdNanoUsd).toBeGreaterThanOrEqual(costNanoUsd ?? 0);
    expect(holdNanoUsd).toBeLessThan(WHOLE_CONTEXT / 5);
  }
  await expectLedgerIsBill(tollgate);
});

test('A52 what two have added at the same time is not known, and may fill the context', async () => {
  const token = await open({ openai: { firstTokenMs: 800 } });
  const { id: conversation } = await tollgate.sdk(token).conversations.create({});
  await Promise.all([respond(token, { conversation }), respond(token, { conversation })]);
  await respond(token, { conversation });
  expect(await lastHold()).toBeGreaterThanOrEqual(WHOLE_CONTEXT);
  // Its answer has told how long it is.
  await respond(token, { conversation });
  expect(await lastHold()).toBeLessThan(WHOLE_CONTEXT / 10);
  await expectLedgerIsBill(tollgate);
});

test('A52 while a background response adds to a conversation, its length is not known', async () => {
  const token = await open({ openai: { tokensPerSecond: 40 } });
  const { id: conversation } = await tollgate.sdk(token).conversations.create({});
  await respond(token, { conversation, background: true });
  await tollgate.sdk(token).responses.create(ask({ conversation, input: 'Write 2 tokens' }));
  expect(await lastHold()).toBeGreaterThanOrEqual(WHOLE_CONTEXT);
  await until(async () => (await rows()).every(({ outcome }) => outcome === 'settled'));
  await respond(token, { conversation });
  await respond(token, { conversation });
  expect(await lastHold()).toBeLessThan(WHOLE_CONTEXT / 10);
  await expectLedgerIsBill(tollgate);
});

test.each([
  ['refuses', { kind: 'rate-limit' }, false],
  ['breaks', { kind: 'reset-after-headers' }, true],
] as const)(
  'A52 a request that OpenAI %s leaves the length of its conversation (unknown: %s)',
  async (_how, fault, isUnknown) => {
    const token = await open();
    const { id: conversation } = await tollgate.sdk(token).conversations.create({});
    await respond(token, { conversation });
    tollgate.openai.faults.add({ path: '/v1/responses', fault });
    await expect(respond(token, { conversation })).rejects.toThrow();
    await respond(token, { conversation });
    if (isUnknown) expect(await lastHold()).toBeGreaterThanOrEqual(WHOLE_CONTEXT);
    else expect(await lastHold()).toBeLessThan(WHOLE_CONTEXT / 10);
  },
);

test('A52 how long a conversation and a response are is remembered over a restart', async () => {
  const dataDir = temporaryDir();
  const token = await open({ dataDir });
  const { openai } = tollgate;
  const { id: conversation } = await tollgate.sdk(token).conversations.create({});
  const response = await respond(token, { conversation });
  await tollgate.engine.close();
  tollgate = { ...(await openTollgate({ dataDir, upstream: openai })), openai };
  await respond(token, { conversation });
  const inConversation = await lastHold();
  await respond(token, { previous_response_id: response });
  for (const hold of [inConversation, await lastHold()]) {
    expect(hold).toBeGreaterThan(30 * 150);
    expect(hold).toBeLessThan(WHOLE_CONTEXT / 10);
  }
  await expectLedgerIsBill(tollgate);
  await openai.close();
});

test('A52 what another model may read differently may fill the context', async () => {
  const token = await open();
  const id = await respond(token);
  await respond(token, { previous_response_id: id, model: 'gpt-4o' });
  expect(await lastHold()).toBeGreaterThanOrEqual(128_000 * 2_500);
  await expectLedgerIsBill(tollgate);
});
