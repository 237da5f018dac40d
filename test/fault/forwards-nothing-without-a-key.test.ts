import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { AppError } from '../../proxy/contract/errors.ts';
import { until } from '../helpers/until.ts';
import { KEY_A, KEY_B, ScriptedStore } from '../unit/keys/key-ring-fixture.ts';
import { openEngineWithDoubles } from './engine-with-doubles.ts';

const errorOf = (response: Response): [number, string | null] => [
  response.status,
  response.headers.get('x-tollgate-error'),
];

const FAILURES: readonly (readonly [string, null | Error])[] = [
  ['a keychain without a key', null],
  ['a locked keychain', new AppError('keychain_locked')],
  ['a keychain whose prompt nobody answers', new AppError('keychain_timeout', { seconds: 5 })],
  ['a keychain whose service is dead', new AppError('keychain_no_service')],
  ['a keychain library with a bug', new Error(`assertion failed near ${KEY_A}`)],
];

test('F22 a keychain that fails in any way: 503, nothing sent or held, and recovery by itself', async () => {
  // Side by side, since the store is asked again only after some seconds.
  await Promise.all(FAILURES.map(([what, failure]) => failAndRecover(what, failure)));
});

async function failAndRecover(what: string, failure: null | Error): Promise<void> {
  const keyStore = new ScriptedStore(failure);
  const engine = await openEngineWithDoubles({ keyStore });
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const response = await engine.send({ stream: attempt % 2 === 0 });
    expect(errorOf(response), what).toEqual([503, 'key_unavailable']);
    expect(await response.text(), what).not.toContain(KEY_A.slice(8));
  }
  expect(engine.openai.received, what).toHaveLength(0);
  // A loop of requests does not become a loop of prompts.
  expect(keyStore.reads, what).toBeLessThanOrEqual(2);
  const { limits } = await engine.client.apps.get({ app: 'tool' });
  expect(limits, what).toMatchObject([{ settled: 0, held: 0 }]);
  const { requests } = await engine.client.requests.list({});
  expect(new Set(requests.map(({ outcome, reason }) => `${outcome} ${reason}`)), what).toEqual(
    new Set(['refused key_unavailable']),
  );

  keyStore.next = KEY_A;
  await until(async () => (await engine.send()).status === 200, 10_000);
}

test('F22 requests that arrive while the keychain thinks wait for it together', async () => {
  let answer: (key: string) => void = () => undefined;
  const keyStore = new ScriptedStore(
    new Promise<string>((resolve) => {
      answer = resolve;
    }),
  );
  const engine = await openEngineWithDoubles({ keyStore });
  const sent = Array.from({ length: 10 }, () => engine.send());
  await until(async () => (await engine.client.usage.report({ by: 'app' })).total.refused === 0);
  await sleep(50);
  expect(engine.openai.received).toHaveLength(0);
  answer(KEY_A);
  expect((await Promise.all(sent)).map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect(keyStore.reads).toBe(1);
});

test('F23 a key that is replaced in a stream: the stream ends with the old one, the next request has the new', async () => {
  const keyStore = new ScriptedStore(KEY_A);
  const engine = await openEngineWithDoubles(
    { keyStore },
    {},
    { tokensPerSecond: 200, outputTokens: { min: 60, max: 60 } },
  );
  const stream = await engine.send({ stream: true });
  await engine.client.keys.set({ key: KEY_B, verify: false });
  engine.openai.setKey(KEY_B);
  expect((await engine.send()).status).toBe(200);
  expect(await stream.text()).toContain('[DONE]');
  const authorizations = engine.openai.received.map(({ rawHeaders }) => {
    const at = rawHeaders.findIndex((name) => name.toLowerCase() === 'authorization');
    return rawHeaders[at + 1];
  });
  expect(authorizations).toEqual([`Bearer ${KEY_A}`, `Bearer ${KEY_B}`]);
  const { total } = await engine.client.usage.report({ by: 'app' });
  expect(total.costNanoUsd).toBe(engine.openai.bill.totalNanoUsd());
});

test('F23 a key that OpenAI rejects pauses forwarding: one request goes out, not a storm', async () => {
  const engine = await openEngineWithDoubles();
  expect((await engine.send()).status).toBe(200);
  engine.openai.setKey(KEY_B);
  const first = await engine.send();
  expect(errorOf(first)).toEqual([401, 'key_rejected']);
  expect(first.headers.get('x-should-retry')).toBe('false');
  expect(await first.text()).not.toContain(KEY_A.slice(-4));
  const storm = await Promise.all(Array.from({ length: 100 }, () => engine.send()));
  expect(new Set(storm.map((response) => errorOf(response).join(' ')))).toEqual(
    new Set(['401 key_rejected']),
  );
  expect(engine.openai.received).toHaveLength(2);
  const status = await engine.client.keys.status();
  expect(status.state).toBe('rejected');
  const { requests } = await engine.client.requests.list({ outcome: 'voided' });
  expect(requests).toMatchObject([{ costNanoUsd: 0, reason: 'key_rejected' }]);

  await engine.client.keys.set({ key: KEY_B, verify: true });
  expect((await engine.send()).status).toBe(200);
  const report = () => engine.client.usage.report({ by: 'app' });
  // A storm is written as a few rows, and the rest of it a second later.
  await until(async () => (await report()).total.refused === 100);
  const { total } = await report();
  expect(total).toMatchObject({
    costNanoUsd: engine.openai.bill.totalNanoUsd(),
    heldNanoUsd: 0,
  });
});

test('F23 many requests that are rejected at once stop forwarding all the same, and cost nothing', async () => {
  const engine = await openEngineWithDoubles();
  engine.openai.setKey(KEY_B);
  const burst = await Promise.all(Array.from({ length: 20 }, () => engine.send()));
  expect(new Set(burst.map(({ status }) => status))).toEqual(new Set([401]));
  const sent = engine.openai.received.length;
  expect(sent).toBeLessThanOrEqual(20);
  await Promise.all(Array.from({ length: 20 }, () => engine.send()));
  expect(engine.openai.received).toHaveLength(sent);
  const { limits } = await engine.client.apps.get({ app: 'tool' });
  expect(limits).toMatchObject([{ settled: 0, held: 0 }]);
});
