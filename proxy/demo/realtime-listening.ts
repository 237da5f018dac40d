import { objectId } from './object-ids.ts';
import { invalidRequest } from './openai-error.ts';
import { MESSAGE_FRAMING_TOKENS } from './prompt.ts';
import { prosePieces, textOf } from './prose.ts';
import { heardTokens } from './realtime-audio.ts';
import { createAudioBuffer } from './realtime-audio-buffer.ts';
import { insertItem } from './realtime-conversation.ts';
import { NO_TOKENS } from './realtime-items.ts';
import type { RealtimeResponses } from './realtime-responses.ts';
import { idBefore, REALTIME_PATH, type RealtimeScene } from './realtime-scene.ts';
import { type InputSettings, readInputSettings } from './realtime-session.ts';
import { type Json, missing, wrongType } from './request-fields.ts';
import { seededRandom } from './seeded-random.ts';
import { TRANSCRIPT_TOKENS_PER_SECOND, transcriptCharge } from './transcript-plan.ts';

/** What a client says into the session. Each throws OpenAiError. */
export interface Listening {
  append(event: Json): void;
  commit(): void;
  clear(): void;
}

/** OpenAI takes no turn that is shorter. */
const SHORTEST_S = 0.1;

export function createListening(scene: RealtimeScene, responses: RealtimeResponses): Listening {
  const buffer = createAudioBuffer();
  let itemId = objectId('item_', 10);
  const settings = (): InputSettings => readInputSettings(scene.session, scene.deps.simulation);

  const keep = (bytes: number, input: InputSettings): void => {
    const id = itemId;
    itemId = objectId('item_', 10);
    scene.send('input_audio_buffer.committed', {
      previous_item_id: idBefore(scene.items, scene.items.length),
      item_id: id,
    });
    const shown = {
      id,
      object: 'realtime.item',
      type: 'message',
      status: 'completed',
      role: 'user',
      content: [{ type: 'input_audio', transcript: null }],
    };
    const audio = heardTokens(bytes, input.bytesPerSecond);
    const tokens = { ...NO_TOKENS, text: MESSAGE_FRAMING_TOKENS, audio };
    insertItem({ id, shown, tokens, version: 0, text: '' }, scene.items.length, scene);
    if (input.transcription) transcribe(id, bytes / input.bytesPerSecond, input.transcription, scene);
  };

  return {
    append: (event) => {
      const given = event['audio'] ?? missing('audio');
      if (typeof given !== 'string') wrongType('audio', 'a string', given);
      const input = settings();
      const { turnDetection, bytesPerSecond } = input;
      const toMs = (bytes: number): number => Math.round((bytes / bytesPerSecond) * 1000);
      const sound = Buffer.from(given, 'base64');
      for (const found of buffer.append(sound, bytesPerSecond, turnDetection !== null)) {
        if (found.kind === 'started') {
          scene.send('input_audio_buffer.speech_started', {
            audio_start_ms: toMs(found.atBytes),
            item_id: itemId,
          });
          if (turnDetection?.interruptsResponse) responses.cancel(null, 'turn_detected');
          continue;
        }
        scene.send('input_audio_buffer.speech_stopped', {
          audio_end_ms: toMs(found.atBytes),
          item_id: itemId,
        });
        keep(found.bytes, input);
        if (turnDetection?.createsResponse && scene.session.kind === 'realtime') responses.create({});
      }
    },
    commit: () => {
      const input = settings();
      const lengthS = buffer.bytes / input.bytesPerSecond;
      if (lengthS < SHORTEST_S) {
        throw invalidRequest(
          `Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has ${(lengthS * 1000).toFixed(2)}ms of audio.`,
          null,
          'input_audio_buffer_commit_empty',
        );
      }
      keep(buffer.take(), input);
    },
    clear: () => {
      buffer.take();
      scene.send('input_audio_buffer.cleared', {});
    },
  };
}

/** Writes down what was said, by a model of its own and at a price of its own. */
function transcribe(
  itemId: string,
  lengthS: number,
  { model, prompt }: NonNullable<InputSettings['transcription']>,
  { deps, send }: RealtimeScene,
): void {
  const tokens = Math.max(1, Math.round(lengthS * TRANSCRIPT_TOKENS_PER_SECOND));
  const pieces = prosePieces(seededRandom(tokens), tokens, tokens);
  const charge = transcriptCharge(
    {
      id: itemId,
      model,
      lengthS,
      promptTokens: deps.simulation.tokenizer.count(prompt),
      isPricedByTime: model.row.rates.minute !== undefined,
    },
    tokens,
  );
  deps.bill.add(REALTIME_PATH, 'completed', charge);
  const at = { item_id: itemId, content_index: 0 };
  const transcript = textOf(pieces);
  send('conversation.item.input_audio_transcription.delta', { ...at, delta: transcript });
  send(
    'conversation.item.input_audio_transcription.completed',
    { ...at, transcript, usage: charge.usage },
    charge.usage,
  );
}
