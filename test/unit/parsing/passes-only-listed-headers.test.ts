import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headersForClient, headersForUpstream, singleHeader } from '../../../proxy/gateway/header-rules.ts';

/** All that is read of a request. */
function toUpstream(...rawHeaders: string[]): string[] {
  return headersForUpstream({ rawHeaders } as Partial<IncomingMessage> as IncomingMessage);
}
const IDENTITY = ['accept-encoding', 'identity'];

test('what a client of OpenAI sends goes to OpenAI', () => {
  const sent = ['content-type', 'application/json', 'user-agent', 'x/1', 'openai-beta', 'assistants=v2'];
  const more = ['x-stainless-retry-count', '1', 'idempotency-key', 'abc', 'traceparent', '00-1-2-00'];
  expect(toUpstream(...sent, ...more)).toEqual([...sent, ...more, ...IDENTITY]);
});

test.each([
  ['authorization'],
  ['cookie'],
  ['api-key'],
  ['x-api-key'],
  ['openai-organization'],
  ['openai-project'],
  ['x-forwarded-for'],
  ['x-forwarded-host'],
  ['x-original-url'],
  ['x-portkey-custom-host'],
  ['x-base-url'],
  ['x-http-method-override'],
  ['x-tollgate-user'],
  ['proxy-authorization'],
  ['connection'],
  ['te'],
  ['trailer'],
  ['upgrade'],
  ['origin'],
  ['referer'],
  ['accept-encoding'],
  ['content-length'],
  ['transfer-encoding'],
  ['expect'],
  ['__proto__'],
])('A09 %s stays here', (name) => {
  expect(toUpstream(name, 'x', name.toUpperCase(), 'x')).toEqual(IDENTITY);
});

test.each([['a\x80b'], ['a\xffb'], ['a\rb'], ['a\nb'], ['a\0b'], ['a\x1fb'], ['a\x7fb']])(
  'A13 a value with %j is left out',
  (value) => {
    expect(toUpstream('User-Agent', value)).toEqual(IDENTITY);
  },
);

test('A13 whatever comes, every value that goes out is printable ASCII', () => {
  const header = fc.tuple(
    fc.constantFrom('User-Agent', 'accept', 'x-stainless-os', 'Cookie'),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(header), (headers) => {
      const sent = toUpstream(...headers.flat());
      for (const text of sent) expect(text).toMatch(/^[\t\x20-\x7e]*$/);
      expect(sent.filter((_, index) => index % 2 === 0)).not.toContain('cookie');
    }),
  );
});

test('an answer keeps its own headers', () => {
  const headers = {
    'content-type': 'application/json',
    'x-request-id': 'req_1',
    'x-ratelimit-limit-requests': '5',
  };
  expect(headersForClient(headers)).toEqual(Object.entries(headers).flat());
  expect(headersForClient({ via: 'a', link: undefined, 'x-multi': ['1', '2'] })).toEqual([
    'via',
    'a',
    'x-multi',
    '1',
    'x-multi',
    '2',
  ]);
});

test.each([
  ['set-cookie'],
  ['set-cookie2'],
  ['access-control-allow-origin'],
  ['access-control-allow-credentials'],
  ['x-tollgate-cost-usd'],
  ['x-tollgate-error'],
  ['content-length'],
  ['transfer-encoding'],
  ['connection'],
  ['keep-alive'],
  ['upgrade'],
  ['alt-svc'],
  ['strict-transport-security'],
  ['content-security-policy'],
  ['report-to'],
  ['nel'],
  ['clear-site-data'],
])('of an answer %s stays here', (name) => {
  expect(headersForClient({ [name]: 'x', via: 'y' })).toEqual(['via', 'y']);
});

test('what Connection names is for this hop only', () => {
  expect(
    headersForClient({ connection: 'X-Hop, keep-alive , X-Two', 'x-hop': '1', 'x-two': '2', via: 'y' }),
  ).toEqual(['via', 'y']);
});

test('a header is single when it came exactly once', () => {
  expect(singleHeader({ 'x-request-id': 'a' }, 'x-request-id')).toBe('a');
  expect(singleHeader({ 'set-cookie': ['a', 'b'] }, 'set-cookie')).toBeNull();
  expect(singleHeader({}, 'x-request-id')).toBeNull();
});
