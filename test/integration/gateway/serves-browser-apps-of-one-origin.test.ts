import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

const OURS = 'http://localhost:3000';
const OTHERS = [
  'http://localhost:3001',
  'https://localhost:3000',
  'http://127.0.0.1:3000',
  'http://evil.com',
  'null',
];

let tollgate: Tollgate;
let token: string;
beforeAll(async () => {
  tollgate = await openTollgate();
  token = await tollgate.createApp('page', ['requests=3/day'], { origins: [OURS] });
});
afterAll(() => tollgate.close());

const body = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] };

function preflight(origin: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${tollgate.baseUrl}/chat/completions`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-stainless-lang,x-evil',
      ...headers,
    },
  });
}

const corsHeaders = (answer: Response): Record<string, string> =>
  Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith('access-control-')));

test('a preflight of an allowed origin is answered for exactly that origin', async () => {
  const answer = await preflight(OURS);
  expect(answer.status).toBe(204);
  expect(corsHeaders(answer)).toEqual({
    'access-control-allow-origin': OURS,
    'access-control-allow-methods': 'GET, POST, DELETE',
    'access-control-allow-headers': 'authorization, content-type, x-stainless-lang',
    'access-control-max-age': '600',
  });
  expect(answer.headers.get('vary')).toContain('Origin');
});

test('A24 a preflight for a private network gets no word about it', async () => {
  const asked = {
    'access-control-request-private-network': 'true',
    'access-control-request-local-network': 'true',
  };
  expect(Object.keys(corsHeaders(await preflight(OURS, asked))).join()).not.toMatch(/network/);
  const refused = await preflight('http://evil.com', asked);
  expect(refused.status).toBe(403);
  expect(corsHeaders(refused)).toEqual({});
});

test.for(OTHERS)('the origin %s is refused, before and after a preflight', async (origin) => {
  const asked = await preflight(origin);
  expect(asked.status).toBe(403);
  expect(corsHeaders(asked)).toEqual({});
  const sent = await tollgate.post(token, '/chat/completions', body, { headers: { origin } });
  expect(sent.status).toBe(403);
  expect(corsHeaders(sent)).toEqual({});
});

test('the token of another app is refused from an origin that only this one allows', async () => {
  const other = await tollgate.createApp('script');
  const answer = await tollgate.post(other, '/moderations', { input: 'hi' }, { headers: { origin: OURS } });
  expect(answer.status).toBe(403);
  expect(corsHeaders(answer)).toEqual({});
  // The same token works where no page is involved.
  expect((await tollgate.post(other, '/moderations', { input: 'hi' })).status).toBe(200);
});

test('a page of the allowed origin can read its answers, streams and refusals', async () => {
  const from = { headers: { origin: OURS } };
  const answers = [
    await tollgate.post(token, '/chat/completions', body, from),
    await tollgate.post(token, '/chat/completions', { ...body, stream: true }, from),
    await tollgate.post(token, '/chat/completions', { ...body, model: 'gpt-0' }, from),
    await tollgate.post(token, '/chat/completions', body, from),
    await tollgate.post(token, '/chat/completions', { ...body, n: 0 }, from),
    await tollgate.post(token, '/nowhere', {}, from),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 429, 400, 404]);
  for (const answer of answers) {
    // OpenAI's own `*` is gone.
    expect(answer.headers.get('access-control-allow-origin')).toBe(OURS);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('access-control-expose-headers')).toContain('x-tollgate-request-id');
  }
});

test('an origin that is taken away is refused at once', async () => {
  await tollgate.createApp('brief', [], { origins: ['http://localhost:5173'] });
  expect((await preflight('http://localhost:5173')).status).toBe(204);
  await tollgate.client.apps.change({ app: 'brief', policy: { origins: [] } });
  expect((await preflight('http://localhost:5173')).status).toBe(403);
});
