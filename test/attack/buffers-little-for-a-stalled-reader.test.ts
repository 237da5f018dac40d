import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CANARY_KEY } from '../helpers/open-tollgate.ts';
import { runTollgate, type Served, serveTollgate } from '../helpers/tollgate-command.ts';
import { until } from '../helpers/until.ts';
import { untilClosed, wireRequest } from '../helpers/wire.ts';

/** The first ones make the process as large as work makes it; the others must add little to that. */
const FIRST = 20;
const OTHERS = 60;
/** What the collector may have left lying about. */
const SLACK = 30;
const STREAM_BYTES = 100_000_000;
const MEGABYTE = 1_000_000;
const CHAT = JSON.stringify({
  model: 'gpt-5.4-mini',
  stream: true,
  max_completion_tokens: 1_000,
  messages: [{ role: 'user', content: 'Tell me everything' }],
});
const delta = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  model: 'gpt-5.4-mini',
  choices: [{ index: 0, delta: { content: 'x'.repeat(10_000) } }],
});
const EVENT = Buffer.from(`data: ${delta}\n\n`);

/** Streams without end, at the pace of whoever reads; the simulated OpenAI knows no pace but its own. */
let upstream: Server;
const sentBytes: number[] = [];
let home: string;
let served: Served;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tollgate-test-'));
  upstream = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    void stream(response, sentBytes.push(0) - 1);
  });
  await once(upstream.listen(0, '127.0.0.1'), 'listening');
  const { port } = upstream.address() as AddressInfo;
  const env = { OPENAI_API_KEY: CANARY_KEY };
  served = await serveTollgate(['--key-store=env', `--upstream=http://127.0.0.1:${port}/v1`], { home, env });
});
afterAll(async () => {
  await served.stop();
  upstream.close();
  upstream.closeAllConnections();
  rmSync(home, { recursive: true, force: true });
});

async function stream(response: ServerResponse, at: number): Promise<void> {
  const gone = new Promise((resolve) => {
    response.once('close', resolve);
  });
  while ((sentBytes[at] ?? 0) < STREAM_BYTES && !response.destroyed) {
    sentBytes[at] = (sentBytes[at] ?? 0) + EVENT.length;
    if (!response.write(EVENT)) await Promise.race([once(response, 'drain'), gone]);
  }
  response.end('data: [DONE]\n\n');
}

const residentMegabytes = () =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${served.pid}/status`, 'latin1'))?.[1]) / 1024;

async function total(): Promise<{ requests: number; heldNanoUsd: number }> {
  const { stdout } = await runTollgate(['usage', '--json'], { home });
  return JSON.parse(stdout).total;
}

test.skipIf(process.platform !== 'linux')(
  'A65 readers that stall in a stream of 100 MB cost about a megabyte each at most, and leave no hold behind',
  async () => {
    const created = await runTollgate(['app', 'create', 'app', '--limit', 'usd=50/day', '--json'], { home });
    const { token } = JSON.parse(created.stdout) as { token: string };
    const port = Number(new URL(served.baseUrl).port);
    const headers = [`Authorization: Bearer ${token}`, 'Content-Type: application/json'];
    const begin = (): Socket => {
      const socket = connect({ port, host: '127.0.0.1' }).pause();
      socket.write(wireRequest(port, { headers, body: CHAT }));
      return socket;
    };
    const readers = Array.from({ length: FIRST }, begin);
    await untilStalled(FIRST);
    const before = residentMegabytes();
    readers.push(...Array.from({ length: OTHERS }, begin));
    await untilStalled(FIRST + OTHERS);
    expect(residentMegabytes() - before).toBeLessThan(OTHERS + SLACK);
    for (const sent of sentBytes) expect(sent).toBeLessThan(20 * MEGABYTE);

    const patient = readers.pop() ?? begin();
    const closed = readers.map(untilClosed);
    for (const reader of readers) reader.destroy();
    await Promise.all(closed);
    let received = 0;
    patient.on('data', (chunk) => {
      received += chunk.length;
    });
    patient.resume();
    await until(() => received > STREAM_BYTES, 10_000);
    patient.destroy();
    await until(async () => (await total()).heldNanoUsd === 0);
    expect((await total()).requests).toBe(FIRST + OTHERS);
  },
);

/** So many streams have begun, and none of them has moved for a while. */
async function untilStalled(count: number): Promise<void> {
  await until(() => sentBytes.length === count && sentBytes.every((bytes) => bytes > MEGABYTE), 15_000);
  for (let before = -1, now = 0; now !== before; ) {
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 300));
    now = sentBytes.reduce((sum, bytes) => sum + bytes, 0);
  }
}
