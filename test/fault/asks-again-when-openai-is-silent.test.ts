import { afterAll, beforeAll, expect, test } from 'vitest';
import { askUpstream } from '../../proxy/gateway/ask-upstream.ts';
import { openUpstream, type Upstream } from '../../proxy/gateway/upstream.ts';
import { openUpstreamServer, type UpstreamServer } from '../helpers/upstream-server.ts';

/** Our own questions, about late work: nobody waits for them who could give up. */
let server: UpstreamServer;
let upstream: Upstream;
beforeAll(async () => {
  server = await openUpstreamServer((request, response) => {
    if (request.url === '/v1/slow') {
      response.write('a');
      let left = 6;
      const timer = setInterval(() => {
        left -= 1;
        if (left > 0) response.write('a');
        else {
          clearInterval(timer);
          response.end('b');
        }
      }, 60);
    } else if (request.url === '/v1/stops') response.write('half');
  });
  upstream = openUpstream(server.baseUrl);
});
afterAll(async () => {
  await upstream.close();
  await server.close();
});

const ask = (path: string) =>
  askUpstream(upstream, { method: 'GET', path, authorization: 'Bearer x', silenceMs: 200 });

test.each([
  ['never answers', '/hangs'],
  ['stops in the middle', '/stops'],
])('F15 a question that OpenAI %s is given up, to be asked again', async (_how, path) => {
  await expect(ask(path)).rejects.toThrow('no answer within 200 ms');
});

// A machine that stands still is as silent as OpenAI may be.
test('F15 an answer that is slow, but comes, is waited for', { retry: 2 }, async () => {
  const { status, body } = await ask('/slow');
  expect([status, body.toString()]).toEqual([200, 'aaaaaab']);
});
