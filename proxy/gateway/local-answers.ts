import type { ServerResponse } from 'node:http';
import type { Framing } from './framing.ts';

const ALLOWED_HEADER =
  /^(authorization|content-type|accept|idempotency-key|(openai|x-stainless|x-tollgate)-[a-z-]+)$/;

/** Preflights carry no token; the border has already asked whether any app admits this origin. */
export function answerPreflight(response: ServerResponse, framing: Framing): void {
  const asked = response.req.headers['access-control-request-headers'] ?? '';
  const allowed = asked
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => ALLOWED_HEADER.test(name));
  response.writeHead(204, [
    'access-control-allow-origin',
    framing.origin ?? '',
    'access-control-allow-methods',
    'GET, POST, DELETE',
    'access-control-allow-headers',
    allowed.join(', '),
    'access-control-max-age',
    '600',
    'vary',
    'Origin, Access-Control-Request-Headers',
  ]);
  response.end();
}

const EXPOSED_HEADERS = [
  'x-request-id',
  'x-tollgate-request-id',
  'x-tollgate-cost-usd',
  'x-tollgate-max-output-tokens',
  'x-tollgate-error',
  'retry-after',
  'retry-after-ms',
].join(', ');

/** What lets a page of this very origin read the answer. */
export function corsHeadersFor(origin: string): string[] {
  return [
    'access-control-allow-origin',
    origin,
    'access-control-expose-headers',
    EXPOSED_HEADERS,
    'vary',
    'Origin',
  ];
}

/** Whether the proxy works, and nothing about it that a stranger could use. */
export function answerHealth(response: ServerResponse, healthy: boolean): void {
  const body = JSON.stringify({ status: healthy ? 'ok' : 'degraded' });
  response.writeHead(healthy ? 200 : 503, {
    'content-type': 'application/json',
    'content-length': body.length,
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
