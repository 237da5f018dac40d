import type { Charge } from './bill.ts';
import { NOTHING_USED } from './call-cost.ts';
import { chatErrorFrame } from './chat.ts';
import { type Answer, dataFrame, type Step } from './generation.ts';
import type { Model } from './model-catalog.ts';
import { objectId } from './object-ids.ts';
import { invalidRequest } from './openai-error.ts';
import {
  missing,
  optionalChoice,
  optionalNumber,
  optionalString,
  parseJsonBody,
  requiredString,
} from './request-fields.ts';
import { type Call, findModel, type Route, type Simulation } from './simulation.ts';
import { mp3Silence, PCM_BYTES_PER_SECOND, pcmTone, wavOf } from './sound.ts';

/** Speech runs at 15 characters a second, and a second of it is 20 audio tokens. */
const CHARACTERS_PER_SECOND = 15;
const AUDIO_TOKENS_PER_SECOND = 20;
const MAX_CHARACTERS = 4096;
/** Sound in one event of a stream. */
const EVENT_SECONDS = 1;

type Format = 'mp3' | 'wav' | 'pcm';

interface SpeechPlan {
  readonly id: string;
  readonly model: Model;
  readonly characters: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly lengthS: number;
  readonly format: Format;
  readonly stream: boolean;
  /** tts-1: no usage at all, priced by what it reads. */
  readonly byCharacters: boolean;
}

/** POST /v1/audio/speech: sound without usage, or events whose last one has it (`stream_format: sse`). */
export const createSpeech: Route = (call, simulation): Answer => {
  const plan = planSpeech(call, simulation);
  const charge = speechCharge(plan, plan.outputTokens);
  if (plan.stream) {
    return {
      kind: 'streamed',
      generation: {
        totalOutputTokens: plan.outputTokens,
        charge: (outputTokens) => speechCharge(plan, outputTokens),
        steps: () => speechSteps(plan, charge.usage),
        errorFrame: chatErrorFrame,
      },
    };
  }
  // The answer reports no usage: what the bill says is known to OpenAI alone.
  return {
    kind: 'whole',
    status: 200,
    contentType: { mp3: 'audio/mpeg', wav: 'audio/wav', pcm: 'audio/pcm' }[plan.format],
    body: soundOf(plan),
    chunked: true,
    charge,
  };
};

function planSpeech(call: Call, simulation: Simulation): SpeechPlan {
  const body = parseJsonBody(call.body);
  const model = findModel(simulation, call, requiredString(body, 'model'), ['speech']);
  const byCharacters = model.row.rates.characters !== undefined;
  const input = requiredString(body, 'input');
  const characters = [...input].length;
  if (body['voice'] === undefined) missing('voice');
  if (characters === 0 || characters > MAX_CHARACTERS) {
    throw invalidRequest(
      `Invalid 'input': string too long or empty. Expected a string with length 1 to ${MAX_CHARACTERS}, but got a string with length ${characters} instead.`,
      'input',
      'string_above_max_length',
    );
  }
  const { tokenizer } = simulation;
  const inputTokens = tokenizer.count(input) + tokenizer.count(optionalString(body, 'instructions') ?? '');
  if (!byCharacters && inputTokens > model.row.contextTokens) {
    throw invalidRequest(
      `Input is too long: ${inputTokens} tokens, but this model takes at most ${model.row.contextTokens}.`,
      'input',
      'input_too_long',
    );
  }
  const stream = optionalChoice(body, 'stream_format', ['audio', 'sse']) === 'sse';
  if (stream && byCharacters)
    unsupported('stream_format', "'stream_format: sse' is not supported for this model.");
  const speed = optionalNumber(body, 'speed', 0.25, 4) ?? 1;
  // Models that bill the audio itself ignore the speed.
  const lengthS = characters / CHARACTERS_PER_SECOND / (byCharacters ? speed : 1);
  return {
    id: objectId('speech_'),
    model,
    characters,
    inputTokens,
    outputTokens: Math.ceil(lengthS * AUDIO_TOKENS_PER_SECOND),
    lengthS,
    format: readFormat(optionalString(body, 'response_format')),
    stream,
    byCharacters,
  };
}

function readFormat(format: string | null): Format {
  switch (format) {
    case null:
    case 'mp3':
      return 'mp3';
    case 'wav':
    case 'pcm':
      return format;
    default:
      return unsupported('response_format', `The simulated OpenAI makes mp3, wav and pcm, not '${format}'.`);
  }
}

function unsupported(param: string, message: string): never {
  throw invalidRequest(message, param, 'unsupported_value');
}

function soundOf({ format, lengthS }: SpeechPlan): Buffer {
  if (format === 'mp3') return mp3Silence(lengthS);
  const pcm = pcmTone(Math.round(lengthS * PCM_BYTES_PER_SECOND));
  return format === 'wav' ? wavOf(pcm) : pcm;
}

function* speechSteps(plan: SpeechPlan, usage: unknown): Generator<Step> {
  const sound = soundOf(plan);
  const events = Math.ceil(plan.lengthS / EVENT_SECONDS);
  const size = Math.ceil(sound.length / events);
  let left = plan.outputTokens;
  for (let index = 0; index < events; index++) {
    const tokens = Math.min(left, EVENT_SECONDS * AUDIO_TOKENS_PER_SECOND);
    left -= tokens;
    const audio = sound.subarray(index * size, (index + 1) * size).toString('base64');
    yield { frame: dataFrame({ type: 'speech.audio.delta', audio }), ticks: tokens, outputTokens: tokens };
  }
  yield { frame: dataFrame({ type: 'speech.audio.done', usage }), ticks: 0, outputTokens: 0 };
}

/** By characters where the book prices them, else text tokens in and audio tokens out. */
function speechCharge(plan: SpeechPlan, outputTokens: number): Charge {
  const { model, characters, inputTokens } = plan;
  const used = plan.byCharacters
    ? { ...NOTHING_USED, characters }
    : { ...NOTHING_USED, inputTokens, outputTokens, audioOutputTokens: outputTokens };
  const usage = {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
  return {
    responseId: plan.id,
    model: model.answersAs,
    serviceTier: 'default',
    usage: plan.byCharacters ? null : usage,
    parts: [{ row: model.row, tierPermille: 1000, used }],
  };
}
