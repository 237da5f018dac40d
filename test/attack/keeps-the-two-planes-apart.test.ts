import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callControl } from '../helpers/control-call.ts';
import {
  expectNoSecrets,
  expectRefused,
  expectUntouched,
  openTarget,
  type Target,
} from '../helpers/expect-untouched.ts';
import { CANARY_KEY } from '../helpers/open-tollgate.ts';

let target: Target;
let socketPath: string;
beforeAll(async () => {
  target = await openTarget();
  socketPath = `${target.tollgate.dataDir}/control.sock`;
});
afterAll(() => target.close());

const CONTROL_PATHS = [
  '/rpc',
  '/rpc/',
  '/rpc/engine/status',
  '/rpc/apps/create',
  '/rpc/keys/set',
  '/v1/rpc/engine/status',
  '/v1/apps',
  '/v1/keys',
  '/admin',
  '/api/apps',
  '/control',
  '/dashboard',
  '/shutdown',
  '/v1/../rpc/engine/status',
];

test.each(CONTROL_PATHS)(
  'A30 the data plane does not know %s, with an app token or without',
  async (path) => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const strange = () => target.send({ method, target: path });
      await expectRefused(target, strange, { status: path.includes('..') ? 400 : 401 });
      const known = () => target.send({ method, target: path, headers: target.goodHeaders });
      await expectRefused(target, known, { status: path.includes('..') ? 400 : 404 });
    }
  },
);

test('A30 the control socket is for its user only, in a folder for its user only', () => {
  const socket = lstatSync(socketPath);
  expect(socket.isSocket()).toBe(true);
  expect(socket.mode & 0o777).toBe(0o600);
  expect(lstatSync(dirname(socketPath)).mode & 0o777).toBe(0o700);
  expect(socket.uid).toBe(process.getuid?.());
});

test('A30 an app token neither opens nor closes the control socket', async () => {
  const call = (headers: Readonly<Record<string, string>>) =>
    callControl(socketPath, '/rpc/apps/list', '{}', { 'content-type': 'application/json', ...headers });
  const plain = await call({});
  expect(plain.status).toBe(200);
  for (const authorization of [`Bearer ${target.token}`, 'Bearer tg_wrong', `Bearer ${CANARY_KEY}`]) {
    expect((await call({ authorization })).body).toBe(plain.body);
  }
});

test.each(['/v1/models', '/v1/chat/completions', '/healthz', '/', '/rpc', '/rpcx/engine/status'])(
  'A30 the control socket does not know %s, and forwards nothing',
  async (path) => {
    const headers = { authorization: `Bearer ${target.token}`, 'content-type': 'application/json' };
    const call = () => callControl(socketPath, path, '{}', headers);
    const answer = await expectUntouched(target, call);
    expect(answer.status).toBe(404);
  },
);

test('A30 no answer of the control socket contains the key or the hash of a token', async () => {
  const calls = [
    'engine/status',
    'keys/status',
    'keys/test',
    'apps/list',
    'limits/list',
    'usage/report',
    'requests/list',
  ];
  for (const call of calls) {
    const answer = await callControl(socketPath, `/rpc/${call}`, '{"json":{}}');
    expect([call, answer.status]).toEqual([call, 200]);
    expect(answer.text).not.toContain(CANARY_KEY.slice(8, 20));
    expect(answer.text).not.toMatch(/tg_[A-Za-z0-9_-]{43}/);
    expect(answer.text).not.toMatch(/[0-9a-f]{64}/);
  }
});

test.each<[string, string, string]>([
  ['no JSON', '/rpc/apps/create', '{"json":'],
  ['JSON of another shape', '/rpc/apps/create', '[1,2]'],
  ['a field of another type', '/rpc/apps/create', '{"json":{"name":{"$ne":1}}}'],
  ['no input', '/rpc/apps/create', ''],
  ['a field too long', '/rpc/keys/set', `{"json":{"key":"${'x'.repeat(3_000)}","verify":false}}`],
  ['a body too large', '/rpc/apps/create', `{"json":{"name":"${'x'.repeat(2 * 1024 * 1024)}"}}`],
  ['a meta that is no list', '/rpc/apps/list', '{"json":{},"meta":{"length":1}}'],
  ['a meta with a path to nowhere', '/rpc/apps/list', '{"json":{},"meta":[[1,"a","b","c"]]}'],
  ['a procedure of Object', '/rpc/constructor', '{}'],
  ['a procedure of a prototype', '/rpc/apps/__proto__/toString', '{}'],
])('the control socket answers %s with an error that shows no inside', async (_name, path, body) => {
  const answer = await expectUntouched(target, () => callControl(socketPath, path, body));
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expectNoSecrets(target.tollgate, answer.text);
});

test.each([
  ['json', '{"json":{"name":"p1","policy":{"__proto__":{"polluted":1}},"__proto__":{"polluted":1}}}'],
  ['constructor', '{"json":{"name":"p2","constructor":{"prototype":{"polluted":1}}}}'],
  [
    'meta',
    '{"json":{"name":"p3"},"meta":[[1,"__proto__","polluted"],[1,"constructor","prototype","polluted"]]}',
  ],
  ['maps', '{"json":{"name":"p4"},"maps":[["__proto__","polluted"]]}'],
])('A39 a control call pollutes no prototype through its %s', async (_name, body) => {
  await expectUntouched(target, () => callControl(socketPath, '/rpc/apps/create', body));
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('A39 a form on the control socket pollutes no prototype through its maps', async () => {
  for (const path of ['["__proto__","polluted"]', '["name","constructor","prototype","polluted"]']) {
    const form = new FormData();
    form.set('data', `{"json":{"name":"form"},"meta":[],"maps":[${path}]}`);
    form.set('0', new Blob(['x']), 'x');
    const encoded = new Response(form);
    const body = Buffer.from(await encoded.arrayBuffer());
    const headers = { 'content-type': encoded.headers.get('content-type') ?? '' };
    await expectUntouched(target, () => callControl(socketPath, '/rpc/apps/create', body, headers));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  }
});
