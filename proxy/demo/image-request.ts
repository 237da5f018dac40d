import type { Model } from './model-catalog.ts';
import { parseMultipart } from './multipart.ts';
import { invalidRequest } from './openai-error.ts';
import { pictureTokens } from './picture-tokens.ts';
import {
  isObject,
  type Json,
  optionalBoolean,
  optionalChoice,
  optionalInteger,
  optionalString,
  parseJsonBody,
  requiredString,
  wrongValue,
} from './request-fields.ts';
import { type Call, findModel, type Simulation } from './simulation.ts';

export type ImageTask = 'generation' | 'edit' | 'variation';

export interface ImageRequest {
  readonly model: Model;
  readonly task: ImageTask;
  readonly prompt: string;
  readonly promptTokens: number;
  /** Tokens of the pictures that came with the request. */
  readonly inputImageTokens: number;
  readonly count: number;
  readonly size: string;
  readonly quality: string;
  readonly stream: boolean;
  readonly partials: number;
  /** The model reports no usage: it is priced by the picture, and answers with links unless told otherwise. */
  readonly isPricedByPicture: boolean;
  readonly wantsUrl: boolean;
}

const QUALITIES = ['auto', 'low', 'medium', 'high', 'xhigh', 'max', 'standard', 'hd'];

export function readImageRequest(task: ImageTask, call: Call, simulation: Simulation): ImageRequest {
  const { body, pictures } = readBody(call);
  const model = findModel(simulation, call, readModel(body, task), ['image']);
  if (task !== 'generation' && pictures.length === 0) {
    throw invalidRequest("Missing required parameter: 'image'.", 'image', 'missing_required_parameter');
  }
  const prompt = task === 'variation' ? '' : requiredString(body, 'prompt');
  const isPricedByPicture = model.row.rates.images !== undefined;
  const size = readSize(body);
  const quality = readQuality(body, model);
  if (isPricedByPicture && model.row.rates.images?.[pictureKey(size, quality)] === undefined) {
    throw invalidRequest(
      `Size ${size} in quality ${quality} is not supported by this model.`,
      'size',
      'invalid_value',
    );
  }
  const stream = optionalBoolean(body, 'stream');
  const format = optionalChoice(body, 'response_format', ['url', 'b64_json']);
  return {
    model,
    task,
    prompt,
    promptTokens: simulation.tokenizer.count(prompt),
    inputImageTokens: pictures.reduce((sum, url) => sum + pictureTokens(model.row.model, url, null), 0),
    count: optionalInteger(body, 'n', 1, 10) ?? 1,
    size,
    quality,
    stream,
    partials: stream ? (optionalInteger(body, 'partial_images', 0, 3) ?? 0) : 0,
    isPricedByPicture,
    wantsUrl: isPricedByPicture && format !== 'b64_json',
  };
}

/** `auto` becomes what the model chooses: square and medium. */
function readSize(body: Json): string {
  const size = optionalString(body, 'size') ?? 'auto';
  if (size === 'auto') return '1024x1024';
  if (/^\d{2,5}x\d{2,5}$/.test(size)) return size;
  throw invalidRequest(
    `Invalid value: '${size}'. Supported values are: '1024x1024', '1024x1536', '1536x1024', and 'auto'.`,
    'size',
    'invalid_value',
  );
}

function readQuality(body: Json, model: Model): string {
  const quality = optionalChoice(body, 'quality', QUALITIES) ?? 'auto';
  const isNewer = quality === 'xhigh' || quality === 'max';
  if (isNewer && !/^gpt-image-2/.test(model.row.model)) wrongValue('quality', quality, QUALITIES.slice(0, 4));
  return quality === 'auto' ? 'medium' : quality;
}

/** DALL·E knows `standard` and `hd` only, and prices a picture by `SIZE/QUALITY`. */
export function pictureKey(size: string, quality: string): string {
  return `${size}/${quality === 'hd' || quality === 'high' ? 'hd' : 'standard'}`;
}

function readModel(body: Json, task: ImageTask): string {
  return optionalString(body, 'model') ?? (task === 'variation' ? 'dall-e-2' : 'gpt-image-1');
}

/** Edits come as multipart or as JSON with picture URLs. */
function readBody(call: Call): { body: Json; pictures: string[] } {
  if (!call.contentType.startsWith('multipart/')) {
    const body = parseJsonBody(call.body);
    const images = Array.isArray(body['images']) ? body['images'] : [body['image'] ?? []].flat();
    return {
      body,
      pictures: images.map((each) => (isObject(each) ? String(each['image_url']) : String(each))),
    };
  }
  const { body, files } = parseMultipart(call.contentType, call.body);
  const images = files.filter((file) => file.field === 'image' || file.field === 'mask');
  return { body, pictures: images.map((file) => `data:;base64,${file.bytes.toString('base64')}`) };
}
