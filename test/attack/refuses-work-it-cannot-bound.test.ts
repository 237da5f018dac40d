import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectRefused, openTarget, type Target } from '../helpers/expect-untouched.ts';
import { expectLedgerIsBill } from '../helpers/ledger.ts';

let target: Target;
/** Of an app with less than a full context of the cheapest model costs. */
let poor: string;
beforeAll(async () => {
  target = await openTarget();
  poor = await target.tollgate.createApp('poor', ['usd=0.01/day'], { allow: ['foreign-ids'] });
});
afterAll(() => target.close());

function send(token: string, path: string, body: object) {
  const headers = [`Authorization: Bearer ${token}`, 'Content-Type: application/json'];
  return target.send({ target: path, headers, body: Buffer.from(JSON.stringify(body)).toString('latin1') });
}
const chat = (token: string, more: object) =>
  send(token, '/v1/chat/completions', {
    model: 'gpt-5.4-mini',
    max_completion_tokens: 50,
    messages: [{ role: 'user', content: 'hi' }],
    ...more,
  });
const respond = (token: string, more: object) =>
  send(token, '/v1/responses', { model: 'gpt-5.4-mini', input: 'hi', max_output_tokens: 50, ...more });

test.each(['true', 1, {}, []])('A49 background: %j is no truth value', async (background) => {
  await expectRefused(target, () => respond(target.token, { background }), {
    status: 400,
    code: 'invalid_body',
  });
});

const own = { type: 'function', name: 'f', parameters: {} };
const toolSets = (type: string): object[][] => [
  [{ type }],
  [own, { type, max_tool_calls: 1 }],
  [{ type, container: { type: 'auto' } }, own],
];

test.each([
  'mcp',
  'hosted_shell',
  'tool_search',
  'programmatic_tool_calling',
  'x_unknown',
  'Function',
  ' function',
])('A50 the hosted tool %s has no bound and is refused, alone or among others', async (type) => {
  for (const tools of toolSets(type)) {
    const attack = () => respond(target.token, { tools });
    await expectRefused(target, attack, { status: 400, code: 'body_unsupported' });
  }
});

test.each([
  'web_search',
  'web_search_2025_08_26',
  'web_search_preview',
  'file_search',
  'code_interpreter',
  'image_generation',
  'shell',
])('A50 the hosted tool %s is held with its fees and turns, above a small budget', async (type) => {
  for (const tools of toolSets(type)) {
    const attack = () => respond(poor, { tools });
    await expectRefused(target, attack, { status: 429, code: 'quota_exceeded' });
  }
});

test('A50 further agents have no bound', async () => {
  const attack = () => respond(target.token, { multi_agent: { max_concurrent_subagents: 1 } });
  await expectRefused(target, attack, { status: 400, code: 'body_unsupported' });
});

test('A50 hosted tools of a chat have no bound', async () => {
  const attack = () => chat(target.token, { tools: [{ type: 'web_search' }] });
  await expectRefused(target, attack, { status: 400, code: 'body_unsupported' });
});

test.each<[string, unknown]>([
  ['without a type', [{ name: 'web_search' }]],
  ['of a type that is no text', [{ type: ['web_search'] }]],
  ['that are texts', ['web_search']],
  ['that are an object', { type: 'web_search' }],
  ['that are a text', 'web_search'],
])('A50 tools %s are refused', async (_name, tools) => {
  await expectRefused(target, () => respond(target.token, { tools }), { status: 400, code: 'invalid_body' });
});

test('A50 a hosted search of the chat API is held with its fee', async () => {
  const search = { model: 'gpt-4o-mini-search-preview', web_search_options: {} };
  await expectRefused(target, () => chat(poor, search), { status: 429, code: 'quota_exceeded' });
});

test.each<[string, object]>([
  ['previous_response_id', { previous_response_id: 'resp_1' }],
  ['a conversation by id', { conversation: 'conv_1' }],
  ['a conversation', { conversation: { id: 'conv_1' } }],
  ['a stored prompt', { prompt: { id: 'pmpt_1' } }],
  ['a PDF by id', { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }] }],
  [
    'a PDF by URL',
    { input: [{ role: 'user', content: [{ type: 'input_file', file_url: 'https://a.com/a.pdf' }] }] },
  ],
])('A52 A53 %s may be as long as the context, and is held so', async (_name, more) => {
  await expectRefused(target, () => respond(poor, more), { status: 429, code: 'quota_exceeded' });
});

test('A52 a stored prompt that chooses the model is held as the dearest one', async () => {
  const body = { prompt: { id: 'pmpt_1' }, input: 'hi', max_output_tokens: 50 };
  const token = await target.tollgate.createApp('prompted', ['usd=5/day'], { allow: ['foreign-ids'] });
  const attack = (by: string) => () => send(by, '/v1/responses', body);
  await expectRefused(target, attack(token), { status: 429, code: 'quota_exceeded' });
  // Nobody makes a prompt by way of Tollgate.
  await expectRefused(target, attack(target.token), { status: 404, code: 'object_unknown' });
});

const image = (url: string) => ({
  messages: [
    {
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url } },
        { type: 'text', text: 'What is it?' },
      ],
    },
  ],
});

test.each<[string, object]>([
  ['an image elsewhere', image('https://a.com/a.png')],
  [
    'an image elsewhere, in low detail',
    {
      messages: [
        {
          role: 'user',
          content: [{ type: 'image_url', image_url: { url: 'https://a.com/a.png', detail: 'low' } }],
        },
      ],
    },
  ],
  ['a small inline image', image(`data:image/png;base64,${'A'.repeat(200)}`)],
  ['a huge inline image', image(`data:image/png;base64,${'A'.repeat(2_000_000)}`)],
  ['a file', { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }] }],
  [
    'a huge inline file',
    { messages: [{ role: 'user', content: [{ type: 'file', file: { file_data: 'A'.repeat(500_000) } }] }] },
  ],
  [
    'an hour of audio',
    {
      messages: [
        {
          role: 'user',
          content: [{ type: 'input_audio', input_audio: { data: 'A'.repeat(3_000_000), format: 'mp3' } }],
        },
      ],
    },
  ],
])('A53 %s has a bound of its own, above a small budget', async (_name, more) => {
  await expectRefused(target, () => chat(poor, more), { status: 429, code: 'quota_exceeded' });
});

test('A53 an inline image within the budget is settled at what it cost', async () => {
  const png =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const answer = await chat(target.token, image(`data:image/png;base64,${png}`));
  expect(answer.status).toBe(200);
  await expectLedgerIsBill(target.tollgate);
});
