/**
 * What a Node proxy without any accounting costs: the same HTTP server and the same pool of connections
 * as the engine's, and nothing in between. The engine's throughput is measured against it.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Dispatcher, Pool } from 'undici';

const pool = new Pool(process.argv[2] ?? '', { pipelining: 1, allowH2: false });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const headers: string[] = [];
    const raw = request.rawHeaders;
    for (let index = 0; index < raw.length; index += 2) {
      const name = (raw[index] ?? '').toLowerCase();
      if (name === 'host' || name === 'connection' || name === 'content-length') continue;
      headers.push(name, raw[index + 1] ?? '');
    }
    pool.dispatch(
      {
        method: request.method as Dispatcher.HttpMethod,
        path: request.url ?? '/',
        headers,
        body: Buffer.concat(chunks),
      },
      {
        onRequestStart() {
          // undici takes no handler without it.
        },
        onResponseStart(_controller, status, answer) {
          const kept: string[] = [];
          for (const [name, value] of Object.entries(answer)) {
            if (name === 'connection' || name === 'keep-alive' || name === 'transfer-encoding') continue;
            kept.push(name, String(value));
          }
          response.writeHead(status, kept);
        },
        onResponseData(controller, chunk) {
          if (response.write(chunk)) return;
          controller.pause();
          response.once('drain', () => controller.resume());
        },
        onResponseEnd() {
          response.end();
        },
        onResponseError() {
          response.destroy();
        },
      },
    );
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
});
