import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectRefused, GOOD_CHAT, openTarget, type Target } from '../helpers/expect-untouched.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

const MESSAGES = '"messages":[{"role":"user","content":"hi"}]';

const TWICE: readonly [string, string][] = [
  ['A33 model, the cheap one first', `{"model":"gpt-5.4-nano","model":"gpt-5.5-pro",${MESSAGES}}`],
  ['A33 model, the dear one first', `{"model":"gpt-5.5-pro","model":"gpt-5.4-nano",${MESSAGES}}`],
  ['A33 model, once escaped', `{"model":"gpt-5.4-nano","m\\u006fdel":"gpt-5.5-pro",${MESSAGES}}`],
  ['A33 model, once at the end', `{"model":"gpt-5.4-nano",${MESSAGES},"model":"gpt-5.5-pro"}`],
  [
    'A33 max_completion_tokens',
    `{"model":"gpt-5.4-mini",${MESSAGES},"max_completion_tokens":1,"max_completion_tokens":9999}`,
  ],
  [
    'A33 a key inside a message',
    '{"model":"gpt-5.4-mini","messages":[{"role":"user","content":"a","content":"b"}]}',
  ],
  [
    'A33 a key deep inside',
    `{"model":"gpt-5.4-mini",${MESSAGES},"metadata":{"a":{"b":[{"c":1,"d":2,"c":3}]}}}`,
  ],
];

const NOT_STRICT: readonly [string, string][] = [
  ['A36 something behind the document', `${GOOD_CHAT}x`],
  ['A36 a second document', `${GOOD_CHAT}${GOOD_CHAT}`],
  ['A36 a document a line', `${GOOD_CHAT}\n${GOOD_CHAT}\n`],
  ['A36 a NUL behind it', `${GOOD_CHAT}\0`],
  ['A36 a byte-order mark', `\xef\xbb\xbf${GOOD_CHAT}`],
  ['A36 UTF-16', Buffer.from(GOOD_CHAT, 'utf16le').toString('latin1')],
  ['A36 UTF-8 that is broken', GOOD_CHAT.replace('Say', 'S\xffy')],
  ['A36 UTF-8 that is overlong', GOOD_CHAT.replace('Say', '\xc0\xafSay')],
  ['A36 a surrogate in UTF-8', GOOD_CHAT.replace('Say', '\xed\xa0\x80Say')],
  ['A36 a comment', GOOD_CHAT.replace('{', '{/* x */')],
  ['A36 a line comment', `// x\n${GOOD_CHAT}`],
  ['A36 a trailing comma', GOOD_CHAT.replace(/\}$/, ',}')],
  ['A36 single quotes', GOOD_CHAT.replaceAll('"', "'")],
  ['A36 a key without quotes', GOOD_CHAT.replace('"model"', 'model')],
  ['A36 a control character in a text', GOOD_CHAT.replace('Say', 'Say\n')],
  ['A36 NaN', GOOD_CHAT.replace(':16', ':NaN')],
  ['A36 Infinity', GOOD_CHAT.replace(':16', ':Infinity')],
  ['A36 1e400', GOOD_CHAT.replace(':16', ':1e400')],
  ['A36 a hexadecimal number', GOOD_CHAT.replace(':16', ':0x10')],
  ['A36 a leading zero', GOOD_CHAT.replace(':16', ':016')],
  ['A36 a plus', GOOD_CHAT.replace(':16', ':+16')],
  ['A36 2^53+1', GOOD_CHAT.replace(':16', ':9007199254740993')],
  ['A37 an array', '[1,2]'],
  ['A37 a text', '"str"'],
  ['A37 null', 'null'],
  ['A37 a number', '1'],
  ['A37 only spaces', '   '],
  ['A37 an array 100,000 deep', '['.repeat(100_000)],
  ['A37 an array 100,000 deep and closed', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['A37 objects 100,000 deep', `{"a":`.repeat(100_000)],
  ['A37 a million keys', `{${Array.from({ length: 1_000_000 }, (_, at) => `"k${at}":1`).join(',')}}`],
  [
    'A37 keys that collide as integers',
    `{${Array.from({ length: 60_000 }, (_, at) => `"${at * 65_536}":1`).join(',')}}`,
  ],
];

test.each([...TWICE, ...NOT_STRICT])('%s is not strict JSON', async (_name, body) => {
  const attack = () => target.send({ headers: target.goodHeaders, body });
  await expectRefused(target, attack, { status: 400 });
});

test('A37 an empty body is no JSON, with a length of 0 or without one', async () => {
  for (const line of [[], ['Content-Length: 0'], ['Transfer-Encoding: chunked']]) {
    const body = line.includes('Transfer-Encoding: chunked') ? '0\r\n\r\n' : '';
    const attack = () => target.send({ headers: [...target.goodHeaders, ...line], body, countBody: false });
    await expectRefused(target, attack, { status: 400, code: 'invalid_json' });
  }
});

test('A37 a text of 50 MB is read to its end, and others are answered meanwhile', async () => {
  const poor = await target.tollgate.createApp('poor', ['usd=0.01/day']);
  const headers = [`Authorization: Bearer ${poor}`, 'Content-Type: application/json'];
  const content = 'x'.repeat(50_000_000);
  const body = JSON.stringify({ model: 'gpt-5.4-mini', messages: [{ role: 'user', content }] });
  const attack = async () => {
    const answering = target.send({ headers, body }, { timeoutMs: 15_000 });
    for (let round = 0; round < 20; round += 1) {
      expect((await target.send({ method: 'GET', target: '/healthz' })).status).toBe(200);
    }
    return answering;
  };
  await expectRefused(target, attack, { status: 429, code: 'quota_exceeded' });
});

test.each([
  ['__proto__', '{"polluted":1}'],
  ['constructor', '{"prototype":{"polluted":1}}'],
  ['prototype', '{"polluted":1}'],
  ['hasOwnProperty', '1'],
  ['toString', 'null'],
])('A39 a member %s pollutes nothing and is carried as it came', async (key, value) => {
  const body = GOOD_CHAT.replace('{', `{"${key}":${value},"metadata":{"${key}":${value}},`);
  const answer = await target.send({ headers: target.goodHeaders, body });
  expect(answer.status).toBe(200);
  expect(target.tollgate.openai.received.at(-1)?.body.toString()).toBe(body);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('A39 a model inside __proto__ is not the model of the request', async () => {
  const body = `{"__proto__":{"model":"gpt-5.4-mini"},"constructor":{"model":"gpt-5.4-mini"},${MESSAGES}}`;
  const attack = () => target.send({ headers: target.goodHeaders, body });
  await expectRefused(target, attack, { status: 400, code: 'invalid_body' });
});

test.each(['__proto__[polluted]=1', 'constructor[prototype][polluted]=1', 'a[__proto__][polluted]=1'])(
  'A39 the query %s pollutes nothing',
  async (query) => {
    await target.send({ method: 'GET', target: `/v1/models?${query}`, headers: target.goodHeaders });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  },
);
