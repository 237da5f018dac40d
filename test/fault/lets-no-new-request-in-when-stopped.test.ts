import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { openTollgate } from '../helpers/open-tollgate.ts';
import { until } from '../helpers/until.ts';

async function nextAnswer(socket: Socket, bytes: string): Promise<string> {
  socket.write(bytes);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}

test('F17 while streams are drained a kept connection gets 503 and is closed', async () => {
  const tollgate = await openTollgate({
    config: { drainMs: 10_000 },
    openai: { tokensPerSecond: 100, outputTokens: { min: 80, max: 80 } },
  });
  const token = await tollgate.createApp('tool');
  const body = JSON.stringify({ ...CHAT, max_completion_tokens: 16 });
  const head = (more: string): string =>
    `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:${tollgate.port}\r\nAuthorization: Bearer ${token}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n${more}\r\n`;
  const kept = [connect(tollgate.port, '127.0.0.1'), connect(tollgate.port, '127.0.0.1')] as const;
  // The first bytes of a request make a connection busy, so that it is not closed as an idle one.
  for (const socket of kept) {
    expect(await nextAnswer(socket, `${head('')}${body}`)).toContain('HTTP/1.1 200');
    socket.write('POST /v1/chat/completions HTTP/1.1\r\n');
  }
  const stream = await tollgate.post(token, '/chat/completions', { ...CHAT, stream: true });
  await until(() => tollgate.openai.received.length === 3);

  const closed = tollgate.close();
  const ends = kept.map((socket) => once(socket, 'close'));
  const rest = (more: string): string => head(more).slice('POST /v1/chat/completions HTTP/1.1\r\n'.length);
  const [plain, expecting] = await Promise.all([
    nextAnswer(kept[0], `${rest('')}${body}`),
    nextAnswer(kept[1], rest('Expect: 100-continue\r\n')),
  ]);
  for (const answer of [plain, expecting]) {
    expect(answer).toContain('HTTP/1.1 503');
    expect(answer).toContain('x-tollgate-error: shutting_down');
    expect(answer.toLowerCase()).toContain('connection: close');
  }
  await Promise.all(ends);
  expect(await stream.text()).toContain('[DONE]');
  await closed;
  expect(tollgate.openai.received).toHaveLength(3);
});
