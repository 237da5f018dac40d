import { afterAll, beforeAll, expect, test } from 'vitest';
import { USAGE_KEYS } from '../../../proxy/contract/usage-words.ts';
import { picturePng } from '../../../proxy/demo/picture.ts';
import { seededRandom } from '../../../proxy/demo/seeded-random.ts';
import { FORM_CONTENT_TYPE, type FormPart, formBody } from '../../helpers/form-data.ts';
import { expectLedgerIsBill } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { wavFile } from '../../helpers/wav-file.ts';

/** Midnight must not come between the first request and the report of the day. */
const now = (): number => Date.UTC(2026, 10, 24, 12);

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate({ now, openai: { now } });
});
afterAll(() => tollgate.close());

const REQUESTS = 1_000;
const CONCURRENCY = 16;
const random = seededRandom(1_124);
const stream = { stream: true };
const words = (): string => Array.from({ length: random.between(1, 30) }, () => 'toll').join(' ');
const tier = () => random.pick([{}, {}, { service_tier: 'flex' }, { service_tier: 'priority' }]);
const wav = wavFile(1);

/** Makes one request of a kind whose answer says exactly what it used. */
const KINDS: readonly (() => { path: string; json?: object; form?: readonly FormPart[] })[] = [
  () => ({
    path: '/chat/completions',
    json: { model: 'gpt-4o', messages: [{ role: 'user', content: words() }] },
  }),
  () => ({
    path: '/chat/completions',
    json: {
      model: 'gpt-5.4',
      reasoning_effort: 'low',
      messages: [{ role: 'user', content: words() }],
      ...tier(),
    },
  }),
  () => ({
    path: '/chat/completions',
    json: { model: 'gpt-4o-mini', n: 2, messages: [{ role: 'user', content: words() }], ...stream },
  }),
  () => ({
    path: '/completions',
    json: { model: 'gpt-3.5-turbo-instruct', prompt: words(), ...random.pick([{}, stream]) },
  }),
  () => ({
    path: '/responses',
    json: { model: 'gpt-5.4-mini', input: words(), ...tier(), ...random.pick([{}, stream]) },
  }),
  // Above 1,024 tokens some of it is cached, and written to a cache.
  () => ({
    path: '/responses',
    json: { model: 'gpt-6.2-sol', reasoning: { effort: 'none' }, input: 'toll '.repeat(1_200) },
  }),
  () => ({
    path: '/embeddings',
    json: { model: 'text-embedding-3-small', input: [words(), words()], dimensions: 8 },
  }),
  () => ({ path: '/moderations', json: { input: words() } }),
  () => ({
    path: '/images/generations',
    json: { model: 'gpt-image-2', prompt: words(), quality: 'low', ...stream },
  }),
  () => ({
    path: '/images/edits',
    form: [
      ['model', 'gpt-image-1.5'],
      ['prompt', words()],
      ['quality', 'low'],
      ['image', 'a.png', picturePng(1)],
    ],
  }),
  () => ({
    path: '/audio/speech',
    json: { model: 'tts-1', voice: 'alloy', input: words(), response_format: 'pcm' },
  }),
  () => ({
    path: '/audio/transcriptions',
    form: [
      ['model', 'gpt-4o-transcribe'],
      ['file', 'a.wav', wav],
    ],
  }),
  () => ({
    path: '/audio/transcriptions',
    form: [
      ['model', 'whisper-1'],
      ['file', 'a.wav', wav],
    ],
  }),
];

async function send(token: string): Promise<number> {
  const { path, json, form } = random.pick(KINDS)();
  const init = form ? { body: formBody(form), headers: { 'content-type': FORM_CONTENT_TYPE } } : {};
  const answer = await tollgate.post(token, path, json, init);
  await answer.arrayBuffer();
  return answer.status;
}

test('after 1,000 mixed requests every report says what OpenAI bills', async () => {
  const tokens = [
    await tollgate.createApp('first', ['usd=1000/day', 'tokens=1b/month']),
    await tollgate.createApp('second', ['usd=1000/day']),
  ];
  let left = REQUESTS;
  const statuses: number[] = [];
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      statuses.push(await send(random.pick(tokens)));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  await expectLedgerIsBill(tollgate);

  const billNanoUsd = tollgate.openai.bill.totalNanoUsd();
  for (const by of USAGE_KEYS) {
    const { rows, total } = await tollgate.client.usage.report({ by });
    expect(total).toMatchObject({
      requests: REQUESTS,
      refused: 0,
      costNanoUsd: billNanoUsd,
      estimatedNanoUsd: 0,
      heldNanoUsd: 0,
      unpricedRequests: 0,
    });
    const sum = (pick: (row: (typeof rows)[number]) => number) =>
      rows.reduce((all, row) => all + pick(row), 0);
    expect(
      sum((row) => row.costNanoUsd),
      by,
    ).toBe(billNanoUsd);
    expect(
      sum((row) => row.requests),
      by,
    ).toBe(REQUESTS);
    expect(
      sum((row) => row.inputTokens),
      by,
    ).toBe(total.inputTokens);
    expect(
      sum((row) => row.outputTokens),
      by,
    ).toBe(total.outputTokens);
  }

  const { rows: endpoints } = await tollgate.client.usage.report({ by: 'endpoint' });
  const billed = new Map<string, number>([['/v1/moderations', 0]]);
  for (const { path, costNanoUsd } of tollgate.openai.bill.rows) {
    billed.set(path, (billed.get(path) ?? 0) + costNanoUsd);
  }
  expect(new Map(endpoints.map((row) => [row.key, row.costNanoUsd]))).toEqual(billed);

  const { apps } = await tollgate.client.apps.list();
  for (const { name, limits } of apps) {
    const { total } = await tollgate.client.usage.report({ by: 'app', app: name });
    const usd = limits.find(({ metric }) => metric === 'usd');
    expect(usd).toMatchObject({ settled: total.costNanoUsd, held: 0 });
    expect(total.requests).toBeGreaterThan(REQUESTS / 4);
  }
});
