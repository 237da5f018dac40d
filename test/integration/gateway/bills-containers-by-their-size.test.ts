import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectLedgerIsBill, lastBill, ledgerOf, untilIdle } from '../../helpers/ledger.ts';
import { CANARY_KEY, openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

let tollgate: Tollgate;
let token: string;
beforeAll(async () => {
  tollgate = await openTollgate();
  token = await tollgate.createApp('maker', ['usd=500/day'], { allow: ['containers'] });
});
afterAll(() => tollgate.close());

/** Of one gigabyte: $0.03. */
const SESSION = 30_000_000;
const MODEL = 'gpt-5.4-mini';
type Size = '1g' | '4g' | '16g' | '64g';

const container = async (memory_limit: Size): Promise<string> =>
  (await tollgate.sdk(token).containers.create({ name: 'box', memory_limit })).id;
const code = (wish: unknown): object => ({ type: 'code_interpreter', container: wish });
const shell = (environment: object): object => ({ type: 'shell', environment });

async function run(tools: readonly object[], more: object = {}): Promise<Response> {
  const body = { model: MODEL, input: 'Compute it in python, and list it in the shell', tools, ...more };
  const answer = await tollgate.post(token, '/responses', body);
  expect(answer.status).toBe(200);
  return answer;
}

const lastRow = async () => {
  await untilIdle(tollgate);
  return (await ledgerOf(tollgate, 'maker')).at(-1);
};

test.each([
  ['1g', 1],
  ['4g', 4],
  ['16g', 16],
  ['64g', 64],
] as const)('A50 a container of %s costs %i sessions when it is made', async (size, units) => {
  await container(size);
  expect(await lastRow()).toMatchObject({ endpoint: '/v1/containers', costNanoUsd: units * SESSION });
  expect(lastBill(tollgate).costNanoUsd).toBe(units * SESSION);
});

test.each<[string, () => Promise<object[]>]>([
  ['code in one that is made for it', async () => [code({ type: 'auto', memory_limit: '4g' })]],
  [
    'a shell in one that is made for it',
    async () => [shell({ type: 'container_auto', memory_limit: '16g' })],
  ],
  [
    'two tools in two of two sizes',
    async () => [
      code({ type: 'auto', memory_limit: '4g' }),
      shell({ type: 'container_auto', memory_limit: '16g' }),
    ],
  ],
  ['code in one of the app’s own', async () => [code(await container('4g'))]],
  [
    'a shell in one of the app’s own, code in another',
    async () => [
      code(await container('1g')),
      shell({ type: 'container_reference', container_id: await container('16g') }),
    ],
  ],
  [
    'both in the same',
    async () => {
      const id = await container('4g');
      return [code(id), shell({ type: 'container_reference', container_id: id })];
    },
  ],
])('A50 %s costs what OpenAI bills, streamed or not', async (_name, toolsOf) => {
  for (const stream of [false, true]) {
    await (await run(await toolsOf(), { stream })).arrayBuffer();
    await expectLedgerIsBill(tollgate);
    expect(await lastRow()).toMatchObject({
      outcome: 'settled',
      overageNanoUsd: 0,
      costNanoUsd: lastBill(tollgate).costNanoUsd,
    });
  }
});

test('T9 a container that OpenAI has made for an answer is the app’s, which may use it again', async () => {
  const text = await (await run([code({ type: 'auto', memory_limit: '4g' })])).text();
  const id = /cntr_\w+/.exec(text)?.[0] ?? '';
  const sdk = tollgate.sdk(token);
  expect((await sdk.containers.retrieve(id)).id).toBe(id);
  const other = await tollgate.createApp('taker', ['usd=50/day'], { allow: ['containers', 'foreign-ids'] });
  const taken = tollgate.sdk(other).containers.retrieve(id);
  await expect(taken).rejects.toMatchObject({ status: 404, code: 'object_unknown' });
  await (await run([code(id)])).arrayBuffer();
  await expectLedgerIsBill(tollgate);
});

test('A50 one that Tollgate never saw may be of the largest size, and is said to be estimated', async () => {
  const foreign = await tollgate.createApp('guest', ['usd=500/day'], {
    allow: ['containers', 'foreign-ids'],
  });
  const made = await fetch(`${tollgate.openai.baseUrl}/containers`, {
    method: 'POST',
    headers: { authorization: `Bearer ${CANARY_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'elsewhere', memory_limit: '4g' }),
  });
  const { id } = (await made.json()) as { id: string };
  const body = { model: MODEL, input: 'Compute it in python', tools: [code(id)] };
  await (await tollgate.post(foreign, '/responses', body)).arrayBuffer();
  await untilIdle(tollgate);
  const [row] = await ledgerOf(tollgate, 'guest');
  expect(row).toMatchObject({ outcome: 'estimated', reason: 'container_size_unknown', overageNanoUsd: 0 });
  expect(row?.costNanoUsd).toBeGreaterThanOrEqual(lastBill(tollgate).costNanoUsd);
});
