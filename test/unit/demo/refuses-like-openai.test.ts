import { AuthenticationError, BadRequestError, NotFoundError } from 'openai';
import { expect, it } from 'vitest';
import { CHAT, errorOf, KEY, openSimulation, PRICES, post } from './simulation-fixture.ts';

it('refuses a wrong key with a masked echo of it', async () => {
  const { client, bill } = await openSimulation();
  client.apiKey = 'sk-proj-wrongwrongwrongwrongabcd';
  const error = await client.chat.completions
    .create({ ...CHAT, messages: [...CHAT.messages] })
    .catch((e) => e);
  expect(error).toBeInstanceOf(AuthenticationError);
  expect(error.code).toBe('invalid_api_key');
  expect(error.message).toContain(
    'Incorrect API key provided: sk-proj-********************abcd. You can find',
  );
  expect(error.message).not.toContain('wrong');
  expect(bill.rows).toEqual([]);
});

it('asks for a key where none is sent', async () => {
  const { baseUrl } = await openSimulation();
  const response = await fetch(`${baseUrl}/models`);
  expect(response.status).toBe(401);
  expect((await errorOf(response)).message).toMatch(/^You didn't provide an API key/);
});

it('accepts only the new key after a rotation', async () => {
  const simulation = await openSimulation();
  simulation.setKey('sk-new');
  await expect(simulation.client.models.list()).rejects.toBeInstanceOf(AuthenticationError);
  simulation.client.apiKey = 'sk-new';
  expect((await simulation.client.models.list()).data.length).toBeGreaterThan(0);
});

it('does not know other paths, methods and content types', async () => {
  const { baseUrl } = await openSimulation();
  const headers = { authorization: `Bearer ${KEY}` };
  const unknown = await fetch(`${baseUrl}/nothing?x=1`, { headers });
  expect([unknown.status, await errorOf(unknown)]).toEqual([
    404,
    { message: 'Invalid URL (GET /v1/nothing)', type: 'invalid_request_error', param: null, code: null },
  ]);
  const method = await fetch(`${baseUrl}/embeddings`, { headers });
  expect([method.status, method.headers.get('allow'), (await errorOf(method)).code]).toEqual([
    405,
    'POST',
    'method_not_supported',
  ]);
  const type = await post(
    baseUrl,
    '/chat/completions',
    {},
    { headers: { ...headers, 'content-type': 'text/plain' } },
  );
  expect([type.status, (await errorOf(type)).code]).toEqual([415, 'unsupported_content_type']);
});

it('answers HEAD like GET without a body', async () => {
  const { baseUrl } = await openSimulation();
  const response = await fetch(`${baseUrl}/models`, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${KEY}` },
  });
  expect(response.status).toBe(200);
  expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100);
  expect(await response.text()).toBe('');
});

it('names an unknown model', async () => {
  const { client } = await openSimulation();
  for (const attempt of [
    () => client.chat.completions.create({ model: 'gpt-99', messages: [{ role: 'user', content: 'hi' }] }),
    () => client.responses.create({ model: 'gpt-99', input: 'hi' }),
    () => client.embeddings.create({ model: 'gpt-99', input: 'hi' }),
    () => client.models.retrieve('gpt-99'),
  ]) {
    const error = await attempt().catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(NotFoundError);
    expect((error as NotFoundError).code).toBe('model_not_found');
  }
});

it('does not take a model to the wrong endpoint', async () => {
  const { client } = await openSimulation();
  const error = await client.embeddings.create({ model: 'gpt-4o', input: 'hi' }).catch((cause) => cause);
  expect([error.status, error.param]).toEqual([404, 'model']);
});

const message = [{ role: 'user', content: 'hi' }];
const CASES: readonly (readonly [path: string, body: unknown, param: string | null, code: string | null])[] =
  [
    ['/chat/completions', { model: 'gpt-4o' }, 'messages', 'missing_required_parameter'],
    ['/chat/completions', { messages: message }, null, null],
    ['/chat/completions', { model: 'gpt-4o', messages: [] }, 'messages', 'empty_array'],
    [
      '/chat/completions',
      { model: 'gpt-4o', messages: [{ role: 'king', content: 'x' }] },
      'messages[0].role',
      'invalid_value',
    ],
    ['/chat/completions', { model: 'gpt-4o', messages: message, n: 0 }, 'n', 'integer_below_min_value'],
    ['/chat/completions', { model: 'gpt-4o', messages: message, n: 129 }, 'n', 'integer_above_max_value'],
    ['/chat/completions', { model: 'gpt-4o', messages: message, n: 1.5 }, 'n', 'invalid_type'],
    [
      '/chat/completions',
      { model: 'gpt-4o', messages: message, max_tokens: 0 },
      'max_tokens',
      'integer_below_min_value',
    ],
    [
      '/chat/completions',
      { model: 'gpt-4o', messages: message, max_tokens: -1 },
      'max_tokens',
      'integer_below_min_value',
    ],
    [
      '/chat/completions',
      { model: 'gpt-4o', messages: message, max_tokens: '5' },
      'max_tokens',
      'invalid_type',
    ],
    [
      '/chat/completions',
      { model: 'gpt-4o', messages: message, max_tokens: 1e9 },
      'max_tokens',
      'invalid_value',
    ],
    [
      '/chat/completions',
      { model: 'gpt-4o', messages: message, max_tokens: 5, max_completion_tokens: 5 },
      'max_tokens',
      'invalid_parameter_combination',
    ],
    [
      '/chat/completions',
      { model: 'gpt-5.4', messages: message, max_tokens: 5 },
      'max_tokens',
      'unsupported_parameter',
    ],
    [
      '/chat/completions',
      { model: 'gpt-4o', messages: message, service_tier: 'gold' },
      'service_tier',
      'invalid_value',
    ],
    ['/chat/completions', { model: 'gpt-4o', messages: message, stream_options: {} }, 'stream_options', null],
    [
      '/chat/completions',
      { model: 'gpt-4o', messages: message, temperature: 3 },
      'temperature',
      'decimal_above_max_value',
    ],
    ['/responses', { input: 'x' }, 'model', 'missing_required_parameter'],
    ['/responses', { model: 'gpt-4o' }, 'input', 'missing_required_parameter'],
    [
      '/responses',
      { model: 'gpt-4o', input: 'x', max_output_tokens: 15 },
      'max_output_tokens',
      'integer_below_min_value',
    ],
    [
      '/responses',
      { model: 'gpt-4o', input: 'x', previous_response_id: 'resp_0' },
      'previous_response_id',
      'previous_response_not_found',
    ],
    ['/completions', { model: 'gpt-3.5-turbo-instruct', prompt: 'x', n: 2, best_of: 1 }, 'best_of', null],
    ['/embeddings', { model: 'text-embedding-3-small' }, 'input', 'missing_required_parameter'],
    ['/embeddings', { model: 'text-embedding-3-small', input: '' }, 'input', 'empty_string'],
    [
      '/embeddings',
      { model: 'text-embedding-3-small', input: Array(2049).fill('x') },
      'input',
      'array_above_max_length',
    ],
    ['/images/generations', { model: 'gpt-image-2' }, 'prompt', 'missing_required_parameter'],
    ['/audio/speech', { model: 'tts-1', input: 'x' }, 'voice', 'missing_required_parameter'],
  ];

it.each(CASES)('%s refuses %j', async (path, body, param, code) => {
  const { baseUrl, bill } = await openSimulation();
  const response = await post(baseUrl, path, body);
  const error = await errorOf(response);
  expect({ status: response.status, param: error.param, code: error.code }).toEqual({
    status: 400,
    param,
    code,
  });
  expect(error.type).toBe('invalid_request_error');
  expect(bill.rows).toEqual([]);
});

it('refuses what is not a JSON object', async () => {
  const { baseUrl } = await openSimulation();
  for (const body of ['{"model":', '[1]', 'null', '']) {
    const response = await post(baseUrl, '/chat/completions', null, { body });
    expect(response.status).toBe(400);
  }
});

it('refuses a prompt longer than the context of the model', async () => {
  const { client } = await openSimulation();
  const messages = [{ role: 'user' as const, content: 'word '.repeat(130_000) }];
  const error = await client.chat.completions.create({ model: 'gpt-4o', messages }).catch((cause) => cause);
  expect(error).toBeInstanceOf(BadRequestError);
  expect(error.code).toBe('context_length_exceeded');
});

it('says that it cannot price what it answered, rather than guess', async () => {
  const [chat] = PRICES.models;
  if (!chat) throw new Error('no price');
  const models = [{ ...chat, rates: { input: 1 } }];
  const { baseUrl, bill } = await openSimulation({ prices: { ...PRICES, models } });
  const response = await post(baseUrl, '/chat/completions', CHAT);
  expect([response.status, (await errorOf(response)).message]).toEqual([
    500,
    expect.stringContaining('no rate'),
  ]);
  expect(bill.rows).toEqual([]);
});
