import type { ExchangeDeps } from './exchange.ts';
import { type EventSink, walkGeneration } from './generation-walk.ts';
import { internalError, invalidRequest, OpenAiError } from './openai-error.ts';
import { type Json, optionalString, parseJsonBody, wrongValue } from './request-fields.ts';
import type { StoredResponse } from './response-store.ts';
import { openResponse } from './responses.ts';
import { openSettlement } from './settlement.ts';
import type { Call } from './simulation.ts';
import type { OpenSocket } from './upgrades.ts';

/*
 * WebSocket /v1/responses: each `response.create` is a request like the body of POST /v1/responses, and its
 * events come back as text frames. Frames of one `stream_id` are answered one after another, those of
 * different ones at the same time. What `store: false` keeps from OpenAI's stores can be continued on the
 * socket that made it.
 */
const PATH = '/v1/responses';
const MAX_HELD = 1000;

export function serveResponses({ ws, line, call }: OpenSocket, deps: ExchangeDeps): void {
  const held = new Map<string, StoredResponse>();
  const lanes = new Map<string, Promise<void>>();
  const scene: Scene = { line, call: { ...call, held }, held, deps };

  const create = (frame: Json, streamId: string | null): void => {
    const name = streamId ?? '';
    const turn = (lanes.get(name) ?? Promise.resolve())
      .then(() => answerCreate(frame, streamId, scene))
      .then(() => {
        if (lanes.get(name) === turn) lanes.delete(name);
      });
    lanes.set(name, turn);
  };
  ws.on('message', (data: Buffer, isBinary) => {
    if (line.state !== 'open') return;
    let streamId: string | null = null;
    try {
      if (isBinary) throw invalidRequest('Binary frames are not supported.', null, 'invalid_frame');
      deps.received.addFrame({ path: PATH, text: data.toString('utf8') });
      const frame = parseJsonBody(data);
      streamId = optionalString(frame, 'stream_id');
      switch (frame['type']) {
        case 'response.create':
          return create(frame, streamId);
        case 'response.steer':
          return line.send(steerFailed(frame));
        default:
          wrongValue('type', frame['type'], ['response.create', 'response.steer']);
      }
    } catch (cause) {
      line.send(errorFrame(cause, streamId));
    }
  });
}

interface Scene {
  readonly line: OpenSocket['line'];
  readonly call: Call;
  readonly held: Map<string, StoredResponse>;
  readonly deps: ExchangeDeps;
}

/** Never rejects: whatever is wrong with the request is said in a frame. */
async function answerCreate(frame: Json, streamId: string | null, scene: Scene): Promise<void> {
  const { line, call, held, deps } = scene;
  if (line.state !== 'open') return;
  try {
    // The transport streams by itself, and does nothing in the background.
    const {
      type: _type,
      stream_id: _id,
      stream: _stream,
      background: _background,
      generate,
      ...body
    } = frame;
    const { stored, isStored } = openResponse(body, call, deps.simulation, generate !== false);
    const generation = {
      ...stored.generation,
      onCompleted: () => {
        stored.generation.onCompleted?.();
        if (!isStored) hold(stored, held);
      },
    };
    const settlement = openSettlement(generation, PATH, deps.bill);
    const { usage } = generation.charge(generation.totalOutputTokens);
    const sink: EventSink = {
      get state() {
        return line.state;
      },
      push: (event) => line.send(textOf(event, streamId), usage),
      flush: line.flush,
      sleep: line.sleep,
    };
    await walkGeneration(generation, deps.pace, sink, settlement, performance.now());
    if (line.state === 'open') settlement.complete();
    else settlement.end(line.state === 'gone' ? 'aborted' : 'failed');
  } catch (cause) {
    line.send(errorFrame(cause, streamId));
  }
}

function hold(stored: StoredResponse, held: Map<string, StoredResponse>): void {
  held.set(stored.id, stored);
  if (held.size <= MAX_HELD) return;
  for (const oldest of held.keys()) {
    held.delete(oldest);
    return;
  }
}

/** The data of a server-sent event, with the stream it belongs to. */
function textOf(event: string, streamId: string | null): string {
  const data = event.slice(event.indexOf('\ndata: ') + '\ndata: '.length, -2);
  return streamId === null ? data : `${data.slice(0, -1)},"stream_id":${JSON.stringify(streamId)}}`;
}

function errorFrame(cause: unknown, streamId: string | null): string {
  const { status, body } = cause instanceof OpenAiError ? cause : internalError(cause);
  return JSON.stringify({
    type: 'error',
    status,
    error: body,
    ...(streamId === null ? {} : { stream_id: streamId }),
  });
}

/** No model here can be steered. */
function steerFailed(frame: Json): string {
  return JSON.stringify({
    type: 'response.steer.failed',
    sequence_number: 0,
    steer: { input: frame['input'] ?? null, previous_response_id: frame['previous_response_id'] ?? null },
    error: {
      type: 'invalid_request_error',
      code: 'steering_not_supported',
      message: 'Steering is not supported for this response.',
    },
  });
}
