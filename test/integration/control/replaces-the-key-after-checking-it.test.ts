import { afterEach, beforeEach, expect, test } from 'vitest';
import { CANARY_KEY, openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';

const NEXT_KEY = 'sk-proj-TheNextOneTheNextOneTheNextOne0123456789';

let tollgate: Tollgate;
let token: string;
beforeEach(async () => {
  tollgate = await openTollgate({ openai: { tokensPerSecond: 40 } });
  token = await tollgate.createApp('notebook', ['usd=5/day']);
});
afterEach(() => tollgate.close());

const chat = async (): Promise<number> => {
  const answer = await tollgate.post(token, '/chat/completions', {
    model: 'gpt-5.4-mini',
    max_completion_tokens: 16,
    messages: [{ role: 'user', content: 'Hi' }],
  });
  await answer.arrayBuffer();
  return answer.status;
};

test('a key that OpenAI refuses is not stored, and the old one goes on', async () => {
  const { client } = tollgate;
  const before = await client.keys.status();
  expect(await client.keys.check({ key: NEXT_KEY })).toMatchObject({ verdict: 'refused', isCurrent: false });
  await expect(client.keys.set({ key: NEXT_KEY, verify: true })).rejects.toMatchObject({
    code: 'key_refused_upstream',
  });
  expect(await client.keys.status()).toEqual(before);
  expect(await chat()).toBe(200);
  expect(tollgate.openai.received.filter(({ path }) => path === '/v1/models')).toHaveLength(2);
});

test('nor is one that nobody could be asked about, an admin key, or what is no key', async () => {
  const { client } = tollgate;
  const { openai } = tollgate;
  openai.setKey(NEXT_KEY);
  openai.faults.add({ fault: { kind: 'reset-before-headers' } });
  await expect(client.keys.set({ key: NEXT_KEY, verify: true })).rejects.toMatchObject({
    code: 'key_check_failed',
  });
  openai.setKey(CANARY_KEY);
  for (const key of ['sk-admin-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'hello', '', `${NEXT_KEY} and more`]) {
    const error: unknown = await client.keys.set({ key, verify: true }).catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(Error);
    if (key.length > 5) expect(JSON.stringify(error)).not.toContain(key);
  }
  expect(await chat()).toBe(200);
});

test('a stream under way ends with the old key, the next request has the new one, and nobody is refused', async () => {
  const { client, openai } = tollgate;
  const before = await client.keys.status();
  const stream = await tollgate.post(token, '/chat/completions', {
    model: 'gpt-5.4-mini',
    stream: true,
    max_completion_tokens: 60,
    messages: [{ role: 'user', content: 'Count' }],
  });
  const reader = stream.body?.getReader();
  await reader?.read();
  openai.setKey(NEXT_KEY);
  const after = await client.keys.set({ key: `  "Bearer ${NEXT_KEY}"\n`, verify: true });
  expect(after.fingerprint).not.toBe(before.fingerprint);
  expect(after.storedAt).not.toBeNull();
  expect(after.retiring).toEqual([{ fingerprint: before.fingerprint, kind: 'project', requests: 1 }]);
  expect(await chat()).toBe(200);
  let text = '';
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) break;
    text += Buffer.from(piece.value).toString();
  }
  expect(text).toContain('[DONE]');
  await until(async () => (await client.keys.status()).retiring.length === 0);
  const { requests } = await client.requests.list({});
  expect(requests.map(({ outcome }) => outcome)).toEqual(['settled', 'settled']);
  expect(await client.keys.check({ key: NEXT_KEY })).toMatchObject({ verdict: 'accepted', isCurrent: true });
});

test('I5 no answer holds twelve characters of either key', async () => {
  const { client, openai } = tollgate;
  const answers: unknown[] = [await client.keys.check({ key: NEXT_KEY })];
  openai.setKey(NEXT_KEY);
  answers.push(
    await client.keys.set({ key: NEXT_KEY, verify: true }),
    await client.keys.status(),
    await client.keys.test(),
    await client.engine.status(),
    await client.engine.doctor(),
    await client.checklist.list(),
    await client.settings.get(),
  );
  const text = JSON.stringify(answers);
  for (const key of [CANARY_KEY, NEXT_KEY]) {
    const windows = Array.from({ length: key.length - 11 }, (_, at) => key.slice(at, at + 12));
    expect(windows.filter((part) => text.includes(part))).toEqual([]);
  }
});

test('a key that is removed stops everything, until there is another', async () => {
  const { client } = tollgate;
  expect(await client.keys.remove()).toEqual({ removed: true });
  expect((await client.keys.status()).state).toBe('missing');
  expect(await chat()).toBe(503);
  await client.keys.set({ key: CANARY_KEY, verify: true });
  expect(await chat()).toBe(200);
});
