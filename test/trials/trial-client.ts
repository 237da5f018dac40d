import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { pcmTone } from '../../proxy/demo/sound.ts';
import type { Tollgate } from '../helpers/open-tollgate.ts';
import type { Leave, PlannedVisit, Visit } from './trial-plan.ts';

const REALTIME = '/realtime?model=gpt-realtime-mini';
/** Bytes of a second of sound. */
const SECOND = 48_000;
/** A client does not wait longer for what may never come. */
const PATIENCE_MS = 5_000;

/** One client's visit, until it is served, refused, broken off, or leaves as planned. Never rejects. */
export async function visitTollgate(tollgate: Tollgate, token: string, planned: PlannedVisit): Promise<void> {
  const abort = new AbortController();
  const { leave, visit } = planned;
  const timer = leave.kind === 'after-ms' ? setTimeout(() => abort.abort(), leave.ms) : null;
  try {
    await act({ tollgate, token, leave, abort }, visit);
  } catch {
    // An abort, or an answer that a fault of OpenAI broke off: both are what this is about.
  } finally {
    if (timer) clearTimeout(timer);
  }
}

interface Client {
  readonly tollgate: Tollgate;
  readonly token: string;
  readonly leave: Leave;
  readonly abort: AbortController;
}

async function act(client: Client, visit: Visit): Promise<void> {
  switch (visit.kind) {
    case 'request':
      await request(client, visit.path, visit.body);
      return;
    case 'chain':
      return chain(client, visit.bodies);
    case 'socket':
      return overSocket(client, visit.bodies, visit.isParallel);
    case 'realtime':
      return inRealTime(client, visit.turnsS, visit.transcriber);
    case 'batch':
      return batch(client, visit.bodies);
  }
}

async function request(
  { tollgate, token, leave, abort }: Client,
  path: string,
  body: unknown,
): Promise<string> {
  const answer = await tollgate.post(token, path, body, { signal: abort.signal });
  let chunks = 0;
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString('latin1');
    chunks += chunk.length > 0 ? 1 : 0;
    if (leave.kind === 'after-chunks' && chunks > leave.chunks) abort.abort();
  }
  return text;
}

async function chain(client: Client, bodies: readonly object[]): Promise<void> {
  let previous: string | undefined;
  for (const body of bodies) {
    const continued = previous === undefined ? body : { ...body, previous_response_id: previous };
    previous = (JSON.parse(await request(client, '/responses', continued)) as { id?: string }).id;
  }
}

async function batch(client: Client, bodies: readonly object[]): Promise<void> {
  const { tollgate, token } = client;
  const lines = bodies.map((body, index) =>
    JSON.stringify({ custom_id: `line-${index}`, method: 'POST', url: '/v1/responses', body }),
  );
  const form = new FormData();
  form.set('purpose', 'batch');
  form.set('file', new Blob([lines.join('\n')]), 'batch.jsonl');
  const uploaded = await fetch(`${tollgate.baseUrl}/files`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  const { id } = (await uploaded.json()) as { id: string };
  await request(client, '/batches', {
    input_file_id: id,
    endpoint: '/v1/responses',
    completion_window: '24h',
  });
}

async function overSocket(client: Client, bodies: readonly object[], isParallel: boolean): Promise<void> {
  const socket = await connect(client, '/responses');
  const ends = ['response.completed', 'response.incomplete', 'response.failed', 'error'];
  for (const [index, body] of bodies.entries()) {
    const stream = isParallel ? { stream_id: `s${index}` } : {};
    socket.send({ type: 'response.create', ...body, ...stream });
    if (!isParallel) await socket.until(ends, index + 1);
  }
  await socket.until(ends, bodies.length);
  socket.close();
}

async function inRealTime(
  client: Client,
  turnsS: readonly number[],
  transcriber: string | null,
): Promise<void> {
  const socket = await connect(client, REALTIME);
  await socket.until(['session.created'], 1);
  if (transcriber !== null) {
    const input = { transcription: { model: transcriber } };
    socket.send({ type: 'session.update', session: { type: 'realtime', audio: { input } } });
  }
  for (const [index, seconds] of turnsS.entries()) {
    const sound = Buffer.concat([pcmTone(seconds * SECOND), Buffer.alloc(SECOND)]);
    socket.send({ type: 'input_audio_buffer.append', audio: sound.toString('base64') });
    await socket.until(['response.done', 'error'], index + 1);
  }
  socket.close();
}

interface TrialSocket {
  send(frame: object): void;
  /** Resolves when so many frames of these types have come; rejects when the socket has closed before. */
  until(types: readonly string[], count: number): Promise<void>;
  close(): void;
}

async function connect({ tollgate, token, leave, abort }: Client, path: string): Promise<TrialSocket> {
  const ws = new WebSocket(`${tollgate.baseUrl.replace(/^http/, 'ws')}${path}`, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });
  const types: string[] = [];
  ws.on('message', (data: Buffer) => {
    types.push((JSON.parse(data.toString('utf8')) as { type: string }).type);
    if (leave.kind === 'after-chunks' && types.length > leave.chunks) abort.abort();
  });
  abort.signal.addEventListener('abort', () => ws.terminate());
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve);
    ws.on('error', reject);
    ws.once('close', () => reject(new Error('the socket has closed')));
  });
  return {
    send: (frame) => ws.send(JSON.stringify(frame)),
    until: async (wanted, count) => {
      const deadline = performance.now() + PATIENCE_MS;
      while (types.filter((type) => wanted.includes(type)).length < count) {
        if (ws.readyState !== ws.OPEN) throw new Error('the socket has closed');
        if (performance.now() > deadline) break;
        await sleep(2);
      }
    },
    close: () => ws.close(),
  };
}
