import { engineScene, type Prepare, type Situation, standInScene } from './scene.ts';

const ONLY_OPENAI = 'it has no call for such a route';
const ROUTES_OF_OPENAI = { ai: ONLY_OPENAI, langchain: ONLY_OPENAI, codex: ONLY_OPENAI };

const withHeaders =
  (headers: Readonly<Record<string, string>>): Prepare =>
  async (tollgate, app) => ({ token: await tollgate.createApp(app), headers });

const withApp: Prepare = async (tollgate, app) => ({ token: await tollgate.createApp(app) });

const MANY = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`x-more-${index}`, 'x']));

export const REQUEST_SITUATIONS: readonly Situation[] = [
  {
    code: 'body_too_large',
    title: 'a body of 65 MB',
    call: 'askTooMuch',
    never: { codex: 'its prompts are not that long' },
    says: () => 'larger than 64 MB',
    isHeavy: true,
    open: engineScene(withApp),
  },
  {
    code: 'invalid_body',
    title: 'a value that cannot be right',
    call: 'sendBadField',
    never: { ai: 'it has no such field', langchain: 'it has no such field', codex: 'it has no such field' },
    open: engineScene(withApp),
  },
  {
    code: 'route_unknown',
    title: 'a route that is not listed',
    call: 'getUnknownRoute',
    never: ROUTES_OF_OPENAI,
    says: () => 'GET /v1/horoscopes',
    open: engineScene(withApp),
  },
  {
    code: 'method_not_allowed',
    title: 'a method that the route does not have',
    call: 'deleteModels',
    never: ROUTES_OF_OPENAI,
    says: () => 'Use one of: GET',
    open: engineScene(withApp),
  },
  {
    code: 'upgrade_required',
    title: 'plain HTTP to a route of sockets',
    call: 'getSocketRoute',
    never: ROUTES_OF_OPENAI,
    open: engineScene(withApp),
  },
  {
    code: 'host_not_allowed',
    title: 'another name for this machine in the base URL',
    open: engineScene(async (tollgate, app) => ({
      token: await tollgate.createApp(app),
      baseUrl: `http://0.0.0.0:${tollgate.port}/v1`,
    })),
  },
  {
    code: 'origin_not_allowed',
    title: 'a web page',
    open: engineScene(withHeaders({ origin: 'https://page.example.com' })),
  },
  {
    code: 'content_encoding_refused',
    title: 'a compressed body',
    open: engineScene(withHeaders({ 'content-encoding': 'gzip' })),
  },
  { code: 'headers_too_large', title: 'more than 100 headers', open: engineScene(withHeaders(MANY)) },
  {
    code: 'uri_too_long',
    title: 'a very long base URL',
    open: engineScene(async (tollgate, app) => ({
      token: await tollgate.createApp(app),
      baseUrl: `http://127.0.0.1:${tollgate.port}/${'long/'.repeat(1_700)}v1`,
    })),
  },
  ...(
    [
      ['malformed_request', 'bytes that are not HTTP', { problem: 'it is not valid HTTP/1.1' }],
      ['request_timeout', 'a request that arrives too slowly', {}],
      ['peer_not_allowed', "another user's program", {}],
      ['unsupported_media_type', 'a body of another type', { expected: 'application/json' }],
      ['invalid_json', 'a body that is not strict JSON', { problem: 'a key is there twice' }],
      ['invalid_multipart', 'a damaged form', { problem: 'it has no end' }],
      ['upgrade_refused', 'a socket where there is none', {}],
    ] as const
  ).map(
    ([code, title, details]): Situation => ({
      code,
      title,
      isStandIn: true,
      open: standInScene(code, details),
    }),
  ),
];
