import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { KeyLease } from '../../keys/key-slot.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import { headersForClient } from '../header-rules.ts';
import { KeyShield, maskEchoes } from '../key-shield.ts';
import { answerRaw, refuseRaw } from '../raw-answer.ts';
import { refuse } from '../refusal.ts';

/** Refusals are short. */
const MAX_BYTES = 256 * 1024;
const MAX_MS = 10_000;

/** Passes OpenAI's refusal of an upgrade on to the client, without the key; returns the status it saw. */
export async function passRefusal(
  deps: GatewayDeps,
  socket: Socket,
  answer: IncomingMessage,
  lease: KeyLease,
): Promise<number> {
  const status = answer.statusCode ?? 502;
  const body = await readShort(answer);
  if (status === 401) {
    deps.keys.reportRejected(lease.generation);
    deps.onFinding({ finding: 'key_rejected', appNum: null, detail: 'OpenAI answered 401' });
    return refuseRaw(socket, refuse('key_rejected'), deps, deps.ids.next());
  }
  if (status < 400) {
    const refusal = refuse('upstream_broken', { problem: `it answered ${status} to a WebSocket` });
    return refuseRaw(socket, refusal, deps, deps.ids.next());
  }
  const key = lease.authorization()?.value.slice('Bearer '.length) ?? '';
  const shield = new KeyShield(key);
  const clean = maskEchoes(shield.clean(body));
  const passed = headersForClient(answer.headers);
  const headers: string[] = ['content-length', String(clean.length)];
  for (let index = 0; index < passed.length; index += 2) {
    const [name = '', value = ''] = passed.slice(index, index + 2);
    if (!shield.hasKey(name) && !shield.hasKey(value)) headers.push(name, value);
  }
  return answerRaw(socket, status, headers, clean) ? status : 0;
}

/** What came of it until it ended, broke off, took too long or became too much. */
function readShort(answer: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const done = (): void => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks));
      answer.destroy();
    };
    const timer = setTimeout(done, MAX_MS);
    answer.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_BYTES) done();
    });
    answer.once('end', done);
    answer.once('error', done);
    answer.once('close', done);
  });
}
