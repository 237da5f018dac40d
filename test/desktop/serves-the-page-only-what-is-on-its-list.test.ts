import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPageHandler } from '../../main/app-protocol.ts';
import { listPageAssets } from '../../main/page-assets.ts';

let dir: string;
let handle: (request: Request) => Promise<Response>;
const called: string[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tollgate-page-'));
  await mkdir(join(dir, 'page/assets'), { recursive: true });
  await writeFile(join(dir, 'secret.js'), 'secret');
  const files = {
    'index.html': '<style nonce="__CSP_NONCE__"></style>',
    'assets/app.js': 'app',
    'assets/app.js.map': 'sources',
    'assets/notes.md': 'notes',
    '.env': 'KEY',
    run: 'no ending',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, 'page', name), content);
  await symlink(join(dir, 'secret.js'), join(dir, 'page/linked.js'));
  const service = (name: string) => async (request: Request) => {
    called.push(`${name} ${new URL(request.url).pathname}`);
    return new Response('answered');
  };
  handle = createPageHandler({
    assets: listPageAssets(join(dir, 'page')),
    rpc: service('rpc'),
    shell: service('shell'),
  });
  // What comes into the folder later is not on the list.
  await writeFile(join(dir, 'page/later.js'), 'later');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const get = (path: string, method = 'GET'): Promise<Response> =>
  handle(new Request(`app://tollgate${path}`, { method }));

describe('files', () => {
  test('the document has a policy of its own, with a nonce that no other answer has', async () => {
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const answer = await get('/');
        const policy = answer.headers.get('content-security-policy') ?? '';
        const nonce = /style-src 'self' 'nonce-([\w-]{24})'/.exec(policy)?.[1];
        expect(await answer.text()).toBe(`<style nonce="${nonce}"></style>`);
        for (const rule of [
          "default-src 'none'",
          "script-src 'self';",
          "connect-src 'self'",
          "frame-ancestors 'none'",
          "base-uri 'none'",
          "form-action 'none'",
          "require-trusted-types-for 'script'",
        ]) {
          expect(policy).toContain(rule);
        }
        expect(policy).not.toMatch(/unsafe|https?:|\*/);
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
        expect(answer.headers.get('cache-control')).toBe('no-store');
        return nonce;
      }),
    );
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  test('screens begin with the document, assets are themselves', async () => {
    expect((await get('/apps/app_0123456789abcdef')).headers.get('content-type')).toMatch(/^text\/html/);
    const script = await get('/assets/app.js');
    expect(script.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(await script.text()).toBe('app');
    expect(await (await get('/assets/app.js', 'HEAD')).text()).toBe('');
  });

  test.each([
    '/assets/app.js.map',
    '/assets/notes.md',
    '/.env',
    '/later.js',
    '/linked.js',
    '/../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/assets/..%5c..%5csecret.js',
    '//etc/passwd.js',
    '/assets/%00app.js',
    '/ASSETS/app.js',
    '/assets/app.js/x.js',
    '/__proto__.js',
  ])('%s is not there', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  test('another host, and another method, is refused', async () => {
    expect((await handle(new Request('app://evil/'))).status).toBe(404);
    expect((await handle(new Request('app://tollgate.evil/index.html'))).status).toBe(404);
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await get('/', method)).status).toBe(405);
  });
});

describe('calls', () => {
  const json = { 'content-type': 'application/json' };
  const call = async (path: string, init: RequestInit, initiatorOrigin?: string | null): Promise<number> => {
    const request = new Request(`app://tollgate${path}`, { method: 'POST', body: '{}', ...init });
    if (initiatorOrigin !== undefined) {
      Object.defineProperty(request, 'initiatorOrigin', { value: initiatorOrigin });
    }
    return (await handle(request)).status;
  };

  test('go to the engine or the shell when the page makes them', async () => {
    called.length = 0;
    expect(await call('/rpc/engine/status', { headers: json }, 'app://tollgate')).toBe(200);
    expect(await call('/shell/state', { headers: { ...json, origin: 'app://tollgate' } })).toBe(200);
    expect(called).toEqual(['rpc /rpc/engine/status', 'shell /shell/state']);
  });

  test('A20 A21 go nowhere when somebody else makes them', async () => {
    called.length = 0;
    for (const origin of ['https://evil.example', 'null', 'app://tollgate.evil', 'file://']) {
      expect(await call('/rpc/x', { headers: json }, origin), origin).toBe(403);
      expect(await call('/rpc/x', { headers: { ...json, origin } }), origin).toBe(403);
    }
    expect(await call('/rpc/x', { headers: json }, null)).toBe(403);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '']) {
      expect(await call('/shell/x', { headers: { 'content-type': type } }), type).toBe(403);
    }
    expect((await get('/rpc/engine/pauseAll')).status).toBe(403);
    expect(called).toEqual([]);
  });
});
