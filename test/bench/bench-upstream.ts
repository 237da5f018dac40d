/**
 * The cheapest upstream there can be: a constant answer with usage, and streams of constant chunks. It
 * stands in for OpenAI where only the proxy's own cost is of interest. Prints its port.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const ANSWER = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_790_000_000,
  model: 'gpt-5.4-mini',
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: 'The answer to the question is in the second paragraph.',
        refusal: null,
      },
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 24, completion_tokens: 12, total_tokens: 36 },
  service_tier: 'default',
});

const CHUNK = `data: ${JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion.chunk',
  created: 1_790_000_000,
  model: 'gpt-5.4-mini',
  choices: [{ index: 0, delta: { content: ' token' }, finish_reason: null }],
  usage: null,
})}\n\n`;
const LAST = `data: ${JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion.chunk',
  created: 1_790_000_000,
  model: 'gpt-5.4-mini',
  choices: [],
  usage: { prompt_tokens: 24, completion_tokens: 500, total_tokens: 524 },
})}\n\ndata: [DONE]\n\n`;

/** Chunks are written one by one, a turn of the event loop apart, as a model writes them. */
const CHUNKS = 500;

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('latin1');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    if (!body.includes('"stream":true')) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length });
      response.end(ANSWER);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let sent = 0;
    const next = (): void => {
      if (response.destroyed) return;
      if (body.includes('"idle":true') && sent > 0) return;
      if (sent === CHUNKS) {
        response.end(LAST);
        return;
      }
      sent += 1;
      if (response.write(CHUNK)) setImmediate(next);
      else response.once('drain', next);
    };
    next();
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
});
