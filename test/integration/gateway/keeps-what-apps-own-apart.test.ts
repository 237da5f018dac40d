import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectLedgerIsBill } from '../../helpers/ledger.ts';
import { temporaryDir } from '../../helpers/ledger-files.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

let tollgate: Tollgate;
let owner: string;
let other: string;

beforeAll(async () => {
  tollgate = await openTollgate();
  owner = await tollgate.createApp('owner', ['usd=5/day']);
  other = await tollgate.createApp('other', ['usd=5/day']);
});
afterAll(() => tollgate.close());

const MODEL = 'gpt-4o-mini';

async function createResponse(token: string, more: object = {}): Promise<{ id: string }> {
  return tollgate.sdk(token).responses.create({ model: MODEL, input: 'Say hello', ...more });
}

const request = (token: string, method: string, path: string) =>
  fetch(`${tollgate.baseUrl}${path}`, { method, headers: { authorization: `Bearer ${token}` } });

test('T9 an app reads, continues and deletes its own response, as with OpenAI', async () => {
  const sdk = tollgate.sdk(owner);
  const { id } = await createResponse(owner);
  expect((await sdk.responses.retrieve(id)).id).toBe(id);
  expect((await sdk.responses.inputItems.list(id)).data).toHaveLength(1);
  const next = await sdk.responses.create({ model: MODEL, input: 'Go on', previous_response_id: id });
  expect(next.previous_response_id).toBe(id);
  await sdk.responses.delete(id);
  await expectLedgerIsBill(tollgate);
});

test.each([
  ['GET', ''],
  ['DELETE', ''],
  ['POST', '/cancel'],
  ['GET', '/input_items'],
])('T9 %s of a response%s of another app answers as if there was none', async (method, rest) => {
  const { id } = await createResponse(owner);
  const before = tollgate.openai.received.length;
  const answer = await request(other, method, `/responses/${id}${rest}`);
  const absent = await request(other, method, `/responses/resp_absent${rest}`);
  expect([answer.status, answer.headers.get('x-tollgate-error')]).toEqual([404, 'object_unknown']);
  const shapeOf = async (it: Response): Promise<string> => (await it.text()).replace(/resp_\w+/g, 'ID');
  expect(await shapeOf(answer)).toBe(await shapeOf(absent));
  expect(tollgate.openai.received.length).toBe(before);
});

test.each<[string, (id: string) => object]>([
  ['previous_response_id', (id) => ({ previous_response_id: id })],
  ['conversation', (id) => ({ conversation: id })],
  ['conversation.id', (id) => ({ conversation: { id } })],
  ['an item reference', (id) => ({ input: [{ type: 'item_reference', id }] })],
  ['an item that is only an id', (id) => ({ input: [{ id }] })],
  ['a file', (id) => ({ input: [{ role: 'user', content: [{ type: 'input_file', file_id: id }] }] })],
  ['a picture', (id) => ({ input: [{ role: 'user', content: [{ type: 'input_image', file_id: id }] }] })],
  ['a vector store', (id) => ({ tools: [{ type: 'file_search', vector_store_ids: [id] }] })],
  ['a container', (id) => ({ tools: [{ type: 'code_interpreter', container: id }] })],
  [
    'files of a container',
    (id) => ({ tools: [{ type: 'code_interpreter', container: { type: 'auto', file_ids: [id] } }] }),
  ],
])('T9 %s of another app in a body is refused', async (_name, refer) => {
  const { id } = await createResponse(owner);
  const before = tollgate.openai.received.length;
  const body = { model: MODEL, input: 'Read it to me', ...refer(id) };
  const answer = await tollgate.post(other, '/responses', body);
  expect([answer.status, answer.headers.get('x-tollgate-error')]).toEqual([404, 'object_unknown']);
  expect(tollgate.openai.received.length).toBe(before);
});

test('T9 an escaped name of a member hides no reference', async () => {
  const { id } = await createResponse(owner);
  const answer = await fetch(`${tollgate.baseUrl}/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${other}`, 'content-type': 'application/json' },
    body: `{"model":"${MODEL}","input":"x","previous\\u005fresponse_id":"${id}"}`,
  });
  expect(answer.status).toBe(404);
});

test('what only looks like a reference is the client’s own business', async () => {
  const answer = await tollgate.post(other, '/responses', {
    model: MODEL,
    input: 'resp_1 and file_id',
    metadata: { file_id: 'anything' },
    tools: [{ type: 'function', name: 'open', parameters: { type: 'object', properties: { file_id: {} } } }],
  });
  expect(answer.status).toBe(200);
});

test('an id that Tollgate never saw passes for an app that may use foreign ids, another app’s never', async () => {
  const { id } = await createResponse(owner);
  const guest = await tollgate.createApp('guest', ['usd=5/day'], { allow: ['foreign-ids'] });
  expect(
    (await request(guest, 'GET', '/responses/resp_elsewhere')).headers.get('x-tollgate-error'),
  ).toBeNull();
  expect((await request(guest, 'GET', `/responses/${id}`)).headers.get('x-tollgate-error')).toBe(
    'object_unknown',
  );
});

test('whose an id is outlives a restart', async () => {
  const { id } = await createResponse(owner);
  const options = { upstream: tollgate.openai, dataDir: temporaryDir() };
  const first = await openTollgate(options);
  const token = await first.createApp('again', ['usd=5/day']);
  const made = await first.sdk(token).responses.create({ model: MODEL, input: 'Say hello' });
  await first.close();
  const second = await openTollgate(options);
  const headers = { authorization: `Bearer ${token}` };
  expect((await fetch(`${second.baseUrl}/responses/${made.id}`, { headers })).status).toBe(200);
  expect((await fetch(`${second.baseUrl}/responses/${id}`, { headers })).status).toBe(404);
  await second.close();
});

test('a response that is not kept is nobody’s', async () => {
  const { id } = await createResponse(owner, { store: false });
  expect((await request(owner, 'GET', `/responses/${id}`)).status).toBe(404);
});

test('what a streamed response has named can be read while it streams', async () => {
  const stream = await tollgate
    .sdk(owner)
    .responses.create({ model: MODEL, input: 'Say hello', stream: true });
  for await (const event of stream) {
    if (event.type !== 'response.created') continue;
    const answer = await request(owner, 'GET', `/responses/${event.response.id}`);
    // The simulated OpenAI keeps it from its end on; Tollgate has let the question through.
    expect(answer.headers.get('x-tollgate-error')).toBeNull();
  }
});
