import type { ExchangeDeps } from './exchange.ts';
import { objectId } from './object-ids.ts';
import { internalError, invalidRequest, OpenAiError } from './openai-error.ts';
import { createItem, deleteItem, retrieveItem, truncateItem } from './realtime-conversation.ts';
import { createListening } from './realtime-listening.ts';
import { createRealtimeResponses } from './realtime-responses.ts';
import { createScene, REALTIME_PATH, type RealtimeScene, realtimeEvent } from './realtime-scene.ts';
import { createSession, isTranscriber, type RealtimeSession, updateSession } from './realtime-session.ts';
import { type Json, optionalObject, optionalString, parseJsonBody, wrongValue } from './request-fields.ts';
import { type Simulation, seconds } from './simulation.ts';
import type { OpenSocket } from './upgrades.ts';

/*
 * WebSocket /v1/realtime: a conversation by voice or text with the model of the query, or, with
 * `intent=transcription`, the writing down of what is said. Every response is a row of the bill, and so is
 * every transcription.
 */
const SESSION_S = 3600;

export function serveRealtime({ ws, line, call }: OpenSocket, deps: ExchangeDeps): void {
  const session = openSession(call.query, deps.simulation);
  if (!session) {
    const model = call.query.get('model') ?? '';
    line.send(
      realtimeEvent('error', {
        error: {
          type: 'invalid_request_error',
          code: 'invalid_model',
          message: `Model "${model}" is not supported in realtime mode.`,
          param: null,
          event_id: null,
        },
      }),
    );
    line.close(4000, 'invalid_request_error.invalid_model');
    return;
  }
  const scene = createScene(line, deps, session);
  const handlers = createHandlers(scene);
  scene.send('session.created', { session: session.config });
  ws.on('message', (data: Buffer, isBinary) => {
    if (line.state !== 'open') return;
    let eventId: string | null = null;
    try {
      if (isBinary) throw invalidRequest('Binary frames are not supported.', null, 'invalid_frame');
      deps.received.addFrame({ path: REALTIME_PATH, text: data.toString('utf8') });
      const event = parseJsonBody(data);
      eventId = optionalString(event, 'event_id');
      const type = String(event['type']);
      const handle = handlers.get(type) ?? wrongValue('type', event['type'], [...handlers.keys()]);
      handle(event);
    } catch (cause) {
      const { body } = cause instanceof OpenAiError ? cause : internalError(cause);
      scene.send('error', { error: { ...body, event_id: eventId } });
    }
  });
}

function createHandlers(scene: RealtimeScene): ReadonlyMap<string, (event: Json) => void> {
  const { session, deps } = scene;
  const responses = createRealtimeResponses(scene);
  const listening = createListening(scene, responses);
  const update = (change: unknown, answer: string): void => {
    updateSession(session, change, deps.simulation);
    scene.send(answer, { session: session.config });
  };
  return new Map<string, (event: Json) => void>([
    ['session.update', (event) => update(event['session'], 'session.updated')],
    [
      'transcription_session.update',
      (event) => update(fromOlderForm(event['session']), 'transcription_session.updated'),
    ],
    ['conversation.item.create', (event) => createItem(event, scene)],
    ['conversation.item.delete', (event) => deleteItem(event, scene)],
    ['conversation.item.retrieve', (event) => retrieveItem(event, scene)],
    ['conversation.item.truncate', (event) => truncateItem(event, scene)],
    ['input_audio_buffer.append', listening.append],
    ['input_audio_buffer.commit', listening.commit],
    ['input_audio_buffer.clear', listening.clear],
    ['response.create', (event) => responses.create(optionalObject(event, 'response') ?? {})],
    [
      'response.cancel',
      (event) => {
        if (responses.cancel(optionalString(event, 'response_id'), 'client_cancelled')) return;
        throw invalidRequest(
          'Cancellation failed: no active response found.',
          null,
          'response_cancel_not_active',
        );
      },
    ],
  ]);
}

/** Null for a model that cannot hold a conversation. */
function openSession(query: URLSearchParams, simulation: Simulation): RealtimeSession | null {
  const id = objectId('sess_', 10);
  const expiresAt = seconds(simulation.now()) + SESSION_S;
  const name = query.get('model');
  const model = simulation.catalog.find(name ?? '');
  if (query.get('intent') === 'transcription') {
    const session = createSession('transcription', null, id, expiresAt);
    if (name === null) return session;
    if (!isTranscriber(model)) return null;
    updateSession(
      session,
      { type: 'transcription', audio: { input: { transcription: { model: name } } } },
      simulation,
    );
    return session;
  }
  // GPT-Live and translation models have sockets of their own, and no price by the token.
  if (model?.kind !== 'realtime' || model.row.rates.input === undefined) return null;
  return createSession('realtime', model, id, expiresAt);
}

/** Before the general release, a transcription session was flat. */
function fromOlderForm(session: unknown): unknown {
  const given = (session ?? {}) as Json;
  const formats: Readonly<Record<string, Json>> = {
    pcm16: { type: 'audio/pcm', rate: 24_000 },
    g711_ulaw: { type: 'audio/pcmu' },
    g711_alaw: { type: 'audio/pcma' },
  };
  const format = formats[String(given['input_audio_format'])];
  return {
    type: 'transcription',
    audio: {
      input: {
        ...(format ? { format } : {}),
        ...('input_audio_transcription' in given
          ? { transcription: given['input_audio_transcription'] }
          : {}),
        ...('turn_detection' in given ? { turn_detection: given['turn_detection'] } : {}),
      },
    },
  };
}
