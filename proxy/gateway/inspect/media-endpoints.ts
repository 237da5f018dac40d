import {
  EDITED_IMAGE_TOKENS,
  imageOutputBound,
  MIN_AUDIO_BYTES_PER_SECOND,
  PARTIAL_IMAGE_TOKENS,
  SPEECH_TOKENS_PER_CHARACTER,
} from '../../pricing/media-tokens.ts';
import { NO_IMAGES, usageOf } from '../../pricing/usage.ts';
import type { Part } from '../multipart.ts';
import { type JsonDocument, JsonObject, LongText } from '../strict-json.ts';
import { audioSeconds } from './audio-length.ts';
import {
  endUser,
  failField,
  flag,
  isText,
  modelName,
  optionalArray,
  optionalCount,
  optionalText,
  requiredModel,
} from './fields.ts';
import { objectReferences } from './object-references.ts';
import { PLAIN_FACTS, PLAIN_WORST, type RequestFacts } from './request-facts.ts';

const MAX_IMAGES = 10;
const MAX_PARTIAL_IMAGES = 3;

/** What OpenAI takes when a request names no model has changed and may again, so it may be any. */
const ANY_MODEL = '';

function modelOrAny(model: string | null): string {
  return model === null || model === '' ? ANY_MODEL : modelName(model);
}

interface ImageFields {
  readonly model: string;
  readonly count: number;
  readonly partials: number;
  readonly streamed: boolean;
  readonly size: string | null;
  readonly quality: string | null;
  readonly user: string | null;
  readonly textBytes: number;
  readonly inputImages: number;
}

/** `POST /images/generations`, and `/images/edits` as JSON. */
export function inspectImagesJson(document: JsonDocument, bodyBytes: number): RequestFacts {
  const { root } = document;
  const prompt = root.get('prompt');
  if (prompt !== undefined && prompt !== null && !isText(prompt)) failField('prompt', 'it must be a text');
  const images = [...optionalArray(root, 'images'), root.get('mask')].filter((image) => isGivenImage(image));
  const inline = images.reduce<number>((sum, image) => sum + inlineImageBytes(image), 0);
  return imageFacts(
    {
      model: modelOrAny(optionalText(root, 'model', 256)),
      count: optionalCount(root, 'n', 1, MAX_IMAGES) ?? 1,
      partials: optionalCount(root, 'partial_images', 0, MAX_PARTIAL_IMAGES) ?? 0,
      streamed: flag(root, 'stream'),
      size: optionalText(root, 'size', 32),
      quality: optionalText(root, 'quality', 32),
      user: endUser(root),
      textBytes: bodyBytes - inline,
      inputImages: images.length,
    },
    document,
  );
}

function isGivenImage(image: unknown): boolean {
  return image !== undefined && image !== null;
}

function inlineImageBytes(image: unknown): number {
  const url = image instanceof JsonObject ? image.get('image_url') : undefined;
  return url instanceof LongText ? url.bytes : 0;
}

/** `POST /images/edits` and `/images/variations` as forms. */
export function inspectImagesForm(parts: readonly Part[]): RequestFacts {
  const fields = new FormFields(parts);
  const files = parts.filter((part) => part.filename !== null);
  return imageFacts(
    {
      model: modelOrAny(fields.text('model')),
      count: fields.count('n', 1, MAX_IMAGES) ?? 1,
      partials: fields.count('partial_images', 0, MAX_PARTIAL_IMAGES) ?? 0,
      streamed: fields.text('stream') === 'true',
      size: fields.text('size'),
      quality: fields.text('quality'),
      user: fields.text('user'),
      textBytes: fields.textBytes,
      inputImages: files.length,
    },
    null,
  );
}

function imageFacts(fields: ImageFields, document: JsonDocument | null): RequestFacts {
  const perImage = fields.model.startsWith('dall-e');
  const key = `${fields.size ?? '1024x1024'}/${fields.quality ?? 'standard'}`;
  const images = perImage ? { [key]: fields.count } : NO_IMAGES;
  return {
    ...PLAIN_FACTS,
    model: fields.model,
    streamed: fields.streamed,
    user: fields.user,
    document,
    references: document ? objectReferences(document.root) : [],
    outputCeiling: perImage
      ? 0
      : imageOutputBound(fields.model, fields.size) + fields.partials * PARTIAL_IMAGE_TOKENS,
    byRule: perImage ? usageOf({ images }) : null,
    ruleIsExact: perImage,
    worst: {
      ...PLAIN_WORST,
      inputTokens: perImage ? 0 : fields.textBytes + fields.inputImages * EDITED_IMAGE_TOKENS,
      hasImageInput: !perImage && fields.inputImages > 0,
      output: 'image',
      choices: perImage ? 1 : fields.count,
      images,
    },
  };
}

/** `POST /audio/speech`: the answer is sound and says nothing of its price. */
export function inspectSpeech(document: JsonDocument, bodyBytes: number): RequestFacts {
  const { root } = document;
  const model = requiredModel(root);
  const input = root.get('input');
  if (!isText(input)) return failField('input', 'it must be a text');
  const characters = typeof input === 'string' ? [...input].length : input.bytes;
  const speed = root.get('speed');
  const slowness = typeof speed === 'number' && speed > 0 && speed < 1 ? 1 / Math.max(speed, 0.25) : 1;
  const perCharacter = model.startsWith('tts-');
  const spokenTokens = Math.ceil(characters * SPEECH_TOKENS_PER_CHARACTER * slowness);
  return {
    ...PLAIN_FACTS,
    model,
    streamed: optionalText(root, 'stream_format', 16) === 'sse',
    document,
    references: objectReferences(root),
    outputCeiling: perCharacter ? 0 : spokenTokens,
    byRule: perCharacter
      ? usageOf({ characters })
      : usageOf({ inputTokens: bodyBytes, outputTokens: spokenTokens, audioOutputTokens: spokenTokens }),
    ruleIsExact: perCharacter,
    worst: {
      ...PLAIN_WORST,
      inputTokens: perCharacter ? 0 : bodyBytes,
      output: 'audio',
      characters: perCharacter ? characters : 0,
    },
  };
}

/** Speech recognition hears ten tokens a second and writes at most a few words in it. */
const HEARD_TOKENS_PER_SECOND = 20;
const WRITTEN_TOKENS_PER_SECOND = 16;

/** `POST /audio/transcriptions` and `/audio/translations`. */
export async function inspectTranscription(parts: readonly Part[]): Promise<RequestFacts> {
  const fields = new FormFields(parts);
  const named = fields.text('model') ?? '';
  if (named === '') failField('model', 'it is missing');
  const model = modelName(named);
  const file = parts.find((part) => part.name === 'file');
  if (!file || file.filename === null) return failField('file', 'it is missing');
  const perMinute = /^(whisper|gpt-transcribe)/.test(model);
  // Lengths are billed by the second, begun ones too.
  const measured = await audioSeconds(file.content, file.mediaType);
  const longest = measured ?? file.content.length / MIN_AUDIO_BYTES_PER_SECOND;
  const heard = Math.ceil(longest * HEARD_TOKENS_PER_SECOND) + fields.textBytes;
  const written = Math.ceil(longest * WRITTEN_TOKENS_PER_SECOND) + 64;
  return {
    ...PLAIN_FACTS,
    model,
    streamed: fields.text('stream') === 'true',
    outputCeiling: perMinute ? 0 : written,
    byRule: perMinute
      ? usageOf({ seconds: Math.ceil(longest) })
      : usageOf({ inputTokens: heard, audioInputTokens: heard, outputTokens: written }),
    worst: {
      ...PLAIN_WORST,
      inputTokens: perMinute ? 0 : heard,
      hasAudioInput: !perMinute,
      seconds: perMinute ? Math.ceil(longest) : 0,
    },
  };
}

const MAX_FIELD_BYTES = 4096;

/** Plain fields of a form. */
class FormFields {
  readonly textBytes: number;
  /** Null for one that is too long to be anything but a text. */
  readonly #fields = new Map<string, string | null>();

  constructor(parts: readonly Part[]) {
    let bytes = 0;
    for (const part of parts) {
      if (part.filename !== null) continue;
      bytes += part.content.length;
      const isShort = part.content.length <= MAX_FIELD_BYTES;
      this.#fields.set(part.name, isShort ? part.content.toString('utf8') : null);
    }
    this.textBytes = bytes;
  }

  text(name: string): string | null {
    const text = this.#fields.get(name);
    if (text === null) return failField(name, `it is longer than ${MAX_FIELD_BYTES} bytes`);
    return text?.trim() ?? null;
  }

  count(name: string, min: number, max: number): number | null {
    const text = this.text(name);
    if (text === null || text === '') return null;
    const count = Number(text);
    if (!/^\d{1,9}$/.test(text) || count < min || count > max) {
      return failField(name, `it must be between ${min} and ${max}`);
    }
    return count;
  }
}
