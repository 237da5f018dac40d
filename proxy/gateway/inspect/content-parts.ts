import { audioTokenBound, imageTokenBound } from '../../pricing/media-tokens.ts';
import { JsonArray, JsonObject, type JsonValue, LongText } from '../strict-json.ts';
import { isText, textBytes } from './fields.ts';

/**
 * What a body holds besides text. Inline media is base64 that would count as absurdly many text tokens,
 * so its bytes are taken out of the cheap bound and its own bound is put in.
 */
export interface Media {
  /** Bytes of the body that are inline media. */
  inlineBytes: number;
  imageTokens: number;
  audioTokens: number;
  /** Where the longer ones of these are, for a count of the text around them. */
  readonly spans: LongText[];
  /** Parts whose size only OpenAI knows: files by id or URL, PDFs, what an earlier answer said. */
  hidden: boolean;
}

/**
 * Walks a value for content parts of the chat and responses APIs. Only the documented shapes are taken
 * as media; anything else that is large stays text and is bounded by its bytes.
 */
export function findMedia(model: string, ...values: readonly (JsonValue | undefined)[]): Media {
  const media: Media = { inlineBytes: 0, imageTokens: 0, audioTokens: 0, spans: [], hidden: false };
  for (const value of values) walk(model, value, media);
  return media;
}

function walk(model: string, value: JsonValue | undefined, media: Media): void {
  if (value instanceof JsonArray) {
    for (const item of value.items) walk(model, item, media);
    return;
  }
  if (!(value instanceof JsonObject)) return;
  switch (value.get('type')) {
    case 'image_url':
    case 'input_image':
    case 'computer_screenshot':
      addImage(model, value, media);
      break;
    case 'input_audio':
      addAudio(value, media);
      break;
    case 'file':
    case 'input_file':
      media.hidden = true;
      break;
  }
  // What the model has said before is named by its id, without the sound.
  if (value.get('role') === 'assistant' && value.get('audio') instanceof JsonObject) media.hidden = true;
  for (const member of value.values) walk(model, member, media);
}

function addImage(model: string, part: JsonObject, media: Media): void {
  media.imageTokens += imageTokenBound(model);
  const inner = part.get('image_url');
  const url = inner instanceof JsonObject ? inner.get('url') : inner;
  if (!isText(url)) return;
  media.inlineBytes += inlineBytes(url);
  if (url instanceof LongText) media.spans.push(url);
}

function addAudio(part: JsonObject, media: Media): void {
  const inner = part.get('input_audio');
  const data = inner instanceof JsonObject ? inner.get('data') : undefined;
  if (!isText(data)) return;
  const bytes = textBytes(data);
  media.inlineBytes += bytes;
  if (data instanceof LongText) media.spans.push(data);
  media.audioTokens += audioTokenBound(Math.ceil((bytes * 3) / 4));
}

/** A short URL costs next to nothing as text; only data URLs are worth taking out. */
function inlineBytes(url: string | LongText): number {
  if (typeof url === 'string' && !url.startsWith('data:')) return 0;
  return textBytes(url);
}
