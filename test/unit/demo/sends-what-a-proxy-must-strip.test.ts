import { expect, it } from 'vitest';
import { CHAT, KEY, openSimulation, post } from './simulation-fixture.ts';

it('sends the headers of OpenAI and of the CDN before it', async () => {
  const { baseUrl } = await openSimulation();
  const { headers } = await post(baseUrl, '/chat/completions', CHAT);
  expect(headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
  expect(headers.get('openai-processing-ms')).toMatch(/^\d+$/);
  expect(headers.get('openai-version')).toBe('2020-10-01');
  expect(headers.get('openai-organization')).toBe('demo-org');
  expect(headers.get('openai-project')).toBe('proj_demo');
  expect(headers.get('x-ratelimit-remaining-tokens')).toMatch(/^\d+$/);
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.getSetCookie()).toHaveLength(2);
});

it('remembers requests as they arrived', async () => {
  const { baseUrl, received } = await openSimulation();
  await post(baseUrl, '/chat/completions?a=%20b&c', CHAT, {
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', 'X-Own-Name': 'kept' },
  });
  const [request] = received;
  expect(request?.method).toBe('POST');
  expect(request?.path).toBe('/v1/chat/completions?a=%20b&c');
  expect(JSON.parse(request?.body.toString() ?? '')).toEqual(CHAT);
  const names = request?.rawHeaders.filter((_, index) => index % 2 === 0).map((each) => each.toLowerCase());
  expect(names).toContain('x-own-name');
});

it('keeps only the newest thousand', async () => {
  const { baseUrl, received } = await openSimulation();
  for (let index = 0; index < 1005; index++) {
    await (await fetch(`${baseUrl}/models?${index}`)).arrayBuffer();
  }
  expect(received).toHaveLength(1000);
  expect(received[0]?.path).toBe('/v1/models?5');
});
