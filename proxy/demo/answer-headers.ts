/*
 * The headers of every answer, as OpenAI and the CDN before it send them. The cookies and the CORS headers
 * are there for a proxy to drop.
 */
const FIXED: readonly string[] = [
  'openai-version',
  '2020-10-01',
  'openai-organization',
  'demo-org',
  'openai-project',
  'proj_demo',
  'x-ratelimit-limit-requests',
  '10000',
  'x-ratelimit-limit-tokens',
  '30000000',
  'x-ratelimit-remaining-requests',
  '9999',
  'x-ratelimit-remaining-tokens',
  '29999000',
  'x-ratelimit-reset-requests',
  '6ms',
  'x-ratelimit-reset-tokens',
  '2ms',
  'access-control-allow-origin',
  '*',
  'access-control-expose-headers',
  'X-Request-ID',
  'strict-transport-security',
  'max-age=31536000; includeSubDomains; preload',
  'x-content-type-options',
  'nosniff',
  'cf-cache-status',
  'DYNAMIC',
  'set-cookie',
  '__cf_bm=demo.1; path=/; HttpOnly; Secure; SameSite=None',
  'set-cookie',
  '_cfuvid=demo.2; path=/; HttpOnly; Secure; SameSite=None',
  'server',
  'cloudflare',
];

/** Names and values in one flat list, the form in which Node writes them fastest. */
export function answerHeaders(contentType: string, requestId: string, processingMs: number): string[] {
  return [
    ...FIXED,
    'content-type',
    contentType,
    'x-request-id',
    requestId,
    'openai-processing-ms',
    String(Math.round(processingMs)),
  ];
}
