import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lastBill, onlyRowOf, untilIdle } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate({ openai: { tokensPerSecond: 200 } });
});
afterAll(() => tollgate.close());

const CUTS = [
  {
    what: 'a pause',
    code: 'app_paused',
    cut: (app: string) => tollgate.client.apps.pause({ app }),
  },
  {
    what: 'a new token',
    code: 'invalid_api_key',
    cut: (app: string) => tollgate.client.apps.rotate({ app }),
  },
  {
    what: 'the removal of the app',
    code: 'invalid_api_key',
    cut: (app: string) => tollgate.client.apps.remove({ app }),
  },
];

test.for(CUTS)(
  '$what cuts a live chat stream, tells why, and stops the spending',
  async ({ code, cut }, { task }) => {
    const app = `chat-${task.id}`.replace(/[^\w-]/g, '');
    const token = await tollgate.createApp(app, ['usd=1/day']);
    const bills = tollgate.openai.bill.rows.length;
    const stream = await tollgate.sdk(token).chat.completions.create({
      model: 'gpt-4o',
      stream: true,
      messages: [{ role: 'user', content: 'Write 4000 tokens' }],
    });
    let seen = 0;
    const reading = (async () => {
      for await (const { choices } of stream) if (choices[0]?.delta.content) seen += 1;
    })();
    await until(() => seen > 3);
    const [error] = await Promise.all([reading.then(() => null).catch((e: unknown) => e), cut(app)]);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ code });

    await untilIdle(tollgate);
    await until(() => tollgate.openai.bill.rows.length > bills);
    const bill = lastBill(tollgate);
    expect(bill.status).toBe('aborted');
    const { requests } = await tollgate.client.requests.list({ limit: 1 });
    expect(requests[0]).toMatchObject({ app, outcome: 'estimated' });
    expect(requests[0]?.costNanoUsd).toBeGreaterThanOrEqual(bill.costNanoUsd);
  },
);

test('a stream of a response is cut with an event of its own kind', async () => {
  const token = await tollgate.createApp('responses');
  const stream = await tollgate
    .sdk(token)
    .responses.create({ model: 'gpt-4o', input: 'Write 4000 tokens', stream: true });
  const types: string[] = [];
  const reading = (async () => {
    for await (const { type } of stream) types.push(type);
  })();
  await until(() => types.length > 5);
  const [error] = await Promise.all([
    reading.then(() => null).catch((e: unknown) => e),
    tollgate.client.apps.pause({ app: 'responses' }),
  ]);
  expect(error).toBeInstanceOf(OpenAI.APIError);
  expect(error).toMatchObject({ code: 'app_paused', type: 'error' });
  await untilIdle(tollgate);
  expect(await onlyRowOf(tollgate, 'responses')).toMatchObject({ outcome: 'estimated' });
});

test('a whole answer under way is refused for its client and settled exactly', async () => {
  const token = await tollgate.createApp('waiting', ['usd=1/day']);
  const before = tollgate.openai.received.length;
  tollgate.openai.faults.add({ fault: { kind: 'latency', ms: 2_000 } });
  const answer = tollgate.post(token, '/chat/completions', {
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'Hi' }],
  });
  await until(() => tollgate.openai.received.length > before);
  await tollgate.client.apps.pause({ app: 'waiting' });
  const refused = await answer;
  expect(refused.status).toBe(403);
  expect(refused.headers.get('x-tollgate-error')).toBe('app_paused');
  await untilIdle(tollgate);
  expect(await onlyRowOf(tollgate, 'waiting')).toMatchObject({
    outcome: 'settled',
    costNanoUsd: lastBill(tollgate).costNanoUsd,
  });
});

test('a stream that is drained for nobody is cut by a pause, too', async () => {
  const token = await tollgate.createApp('drained', ['usd=1/day'], { onAbort: 'drain' });
  const bills = tollgate.openai.bill.rows.length;
  const stream = await tollgate.sdk(token).chat.completions.create({
    model: 'gpt-4o',
    stream: true,
    messages: [{ role: 'user', content: 'Write 4000 tokens' }],
  });
  for await (const { choices } of stream) if (choices[0]?.delta.content) break;
  expect((await tollgate.client.engine.status()).inFlight).toBe(1);
  await tollgate.client.apps.pause({ app: 'drained' });
  await untilIdle(tollgate);
  await until(() => tollgate.openai.bill.rows.length > bills);
  expect(lastBill(tollgate).status).toBe('aborted');
  const row = await onlyRowOf(tollgate, 'drained');
  expect(row.outcome).toBe('estimated');
  expect(row.costNanoUsd).toBeGreaterThanOrEqual(lastBill(tollgate).costNanoUsd);
});

test('a paused app is refused until it is resumed, other apps are not', async () => {
  const token = await tollgate.createApp('on-and-off');
  const other = await tollgate.createApp('other');
  const ask = (of: string) => tollgate.post(of, '/moderations', { input: 'hi' });
  await tollgate.client.apps.pause({ app: 'on-and-off' });
  const refused = await ask(token);
  expect(refused.status).toBe(403);
  expect(refused.headers.get('x-should-retry')).toBe('false');
  expect((await ask(other)).status).toBe(200);
  await tollgate.client.apps.resume({ app: 'on-and-off' });
  expect((await ask(token)).status).toBe(200);
});
