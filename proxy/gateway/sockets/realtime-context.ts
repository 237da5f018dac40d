import { imageTokenBound } from '../../pricing/media-tokens.ts';
import { isText, textBytes } from '../inspect/fields.ts';
import { JsonArray, JsonObject, type JsonValue } from '../strict-json.ts';

/** What a model hears: one token for each 100 ms; what it has said itself: one for each 50 ms. */
const HEARD_MS_PER_TOKEN = 100;
const SPOKEN_MS_PER_TOKEN = 50;
/** Instructions that OpenAI puts in by itself, and the framing of what is there. */
const UNSEEN_TOKENS = 1_000;
/** Of one item, beside what it says. */
const ITEM_TOKENS = 16;

/** Bytes of a base64 text. */
export function decodedBytes(text: JsonValue | undefined): number {
  return isText(text) ? Math.ceil((textBytes(text) * 3) / 4) : 0;
}

/** What a turn knew when it was asked for, to tell what has been added since. */
export interface ContextMark {
  readonly textTokens: number;
  readonly heardMs: number;
}

/**
 * Bounds what a response of a realtime conversation reads. The usage of each response tells what is in
 * the conversation; until the next one, what a client adds is counted by its bytes and its sound by its
 * length. Where sound begins to be part of the conversation is OpenAI's decision, so all that has not been
 * read by a response that was asked for later counts as well.
 */
export class RealtimeContext {
  readonly #model: string;
  /** Of the conversation, as the last response has told. */
  #knownTokens = UNSEEN_TOKENS;
  #settingTokens = 0;
  /** Ever added by the client. */
  #textTokens = 0;
  /** Of these, those that are in {@link #knownTokens}. */
  #knownText = 0;
  #heardMs = 0;
  /** Up to here, what was heard is in {@link #knownTokens}. */
  #knownMs = 0;
  /** Up to here, what was heard is known to be out of the buffer: in the conversation, or dropped. */
  #settledMs = 0;

  constructor(model: string) {
    this.#model = model;
  }

  /** Tokens that a response may read if it is asked for now. */
  get tokens(): number {
    const heard = Math.ceil((this.#heardMs - this.#knownMs) / HEARD_MS_PER_TOKEN);
    const added = this.#textTokens - this.#knownText;
    return this.#knownTokens + this.#settingTokens + added + heard;
  }

  get heardMs(): number {
    return this.#heardMs;
  }

  mark(): ContextMark {
    return { textTokens: this.#textTokens, heardMs: this.#settledMs };
  }

  setSetting(bytes: number): void {
    this.#settingTokens = bytes;
  }

  /** Instructions and tools may have so many bytes more from now on. */
  addSetting(bytes: number): void {
    this.#settingTokens += bytes;
  }

  /** An event that adds an item, or a response with input of its own. */
  addItems(frameBytes: number, value: JsonValue | undefined, bytesPerMs: number): void {
    this.#textTokens += ITEM_TOKENS + this.#bound(frameBytes, value, bytesPerMs);
  }

  /** Output of a response that told no usage. */
  addOutput(tokens: number): void {
    this.#textTokens += tokens;
  }

  hear(bytes: number, bytesPerMs: number): number {
    const ms = bytes / bytesPerMs;
    this.#heardMs += ms;
    return ms;
  }

  /** The buffer was committed or cleared, up to this position or to its end. */
  settle(uptoMs = this.#heardMs): void {
    this.#settledMs = Math.max(this.#settledMs, Math.min(uptoMs, this.#heardMs));
  }

  /** A response of the conversation has told its usage; it was asked for at the mark. */
  learn(mark: ContextMark, usedTokens: number): void {
    this.#knownTokens = UNSEEN_TOKENS + usedTokens;
    this.#knownText = Math.max(this.#knownText, mark.textTokens);
    this.#knownMs = Math.max(this.#knownMs, mark.heardMs);
  }

  /** Tokens of a value of a frame at most: text by its bytes, media by its size. */
  #bound(frameBytes: number, value: JsonValue | undefined, bytesPerMs: number): number {
    const media = { inlineBytes: 0, tokens: 0 };
    this.#findMedia(value, bytesPerMs, media);
    return Math.max(0, frameBytes - media.inlineBytes) + media.tokens;
  }

  #findMedia(
    value: JsonValue | undefined,
    bytesPerMs: number,
    media: { inlineBytes: number; tokens: number },
  ): void {
    if (value instanceof JsonArray) {
      for (const item of value.items) this.#findMedia(item, bytesPerMs, media);
      return;
    }
    if (!(value instanceof JsonObject)) return;
    const type = value.get('type');
    const audio = value.get('audio');
    if ((type === 'input_audio' || type === 'output_audio' || type === 'audio') && isText(audio)) {
      media.inlineBytes += textBytes(audio);
      media.tokens += Math.ceil(decodedBytes(audio) / bytesPerMs / SPOKEN_MS_PER_TOKEN) + 1;
    }
    const url = value.get('image_url');
    if (type === 'input_image' && isText(url)) {
      media.inlineBytes += textBytes(url);
      media.tokens += imageTokenBound(this.#model);
    }
    for (const member of value.values) this.#findMedia(member, bytesPerMs, media);
  }
}
