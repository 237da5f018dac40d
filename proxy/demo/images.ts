import type { Charge } from './bill.ts';
import { NOTHING_USED } from './call-cost.ts';
import { chatErrorFrame } from './chat.ts';
import { type Answer, jsonAnswer, namedFrame, type Step } from './generation.ts';
import { type ImageRequest, type ImageTask, pictureKey, readImageRequest } from './image-request.ts';
import { objectId } from './object-ids.ts';
import { pictureOutputTokens, picturePng } from './picture.ts';
import type { Json } from './request-fields.ts';
import { seedOf } from './seeded-random.ts';
import { type Call, type Route, type Simulation, seconds } from './simulation.ts';

/** POST /v1/images/generations */
export const createImage: Route = (call, simulation) => answerImage('generation', call, simulation);
/** POST /v1/images/edits */
export const editImage: Route = (call, simulation) => answerImage('edit', call, simulation);
/** POST /v1/images/variations */
export const varyImage: Route = (call, simulation) => answerImage('variation', call, simulation);

/** Each partial picture costs this many output tokens more. */
const PARTIAL_TOKENS = 100;

function answerImage(task: ImageTask, call: Call, simulation: Simulation): Answer {
  const request = readImageRequest(task, call, simulation);
  const id = objectId('img_');
  const created = seconds(simulation.now());
  const total =
    request.count * pictureOutputTokens(request.size, request.quality) + request.partials * PARTIAL_TOKENS;
  const charge = imageCharge(request, id, total);
  if (!request.stream || request.isPricedByPicture) {
    return jsonAnswer(imagesResponse(request, charge.usage, created, call.origin), charge);
  }
  return {
    kind: 'streamed',
    generation: {
      totalOutputTokens: total,
      charge: (outputTokens) => imageCharge(request, id, outputTokens),
      steps: () => imageSteps(request, charge.usage, created, total),
      errorFrame: chatErrorFrame,
    },
  };
}

function imagesResponse(request: ImageRequest, usage: unknown, created: number, origin: string): unknown {
  const data = Array.from({ length: request.count }, (_, index) => {
    const seed = pictureSeed(request, index);
    return request.wantsUrl
      ? { url: `${origin}/__pictures/${seed}.png` }
      : { b64_json: picturePng(seed).toString('base64') };
  });
  if (request.isPricedByPicture) return { created, data };
  return { created, ...look(request), data, usage };
}

function* imageSteps(request: ImageRequest, usage: unknown, created: number, total: number): Generator<Step> {
  const name = request.task === 'edit' ? 'image_edit' : 'image_generation';
  const shared: Json = { created_at: created, ...look(request) };
  for (let partial = 0; partial < request.partials; partial++) {
    const type = `${name}.partial_image`;
    const b64 = picturePng(pictureSeed(request, partial + 1)).toString('base64');
    const frame = namedFrame(type, { type, b64_json: b64, partial_image_index: partial, ...shared });
    yield { frame, ticks: PARTIAL_TOKENS, outputTokens: PARTIAL_TOKENS };
  }
  const rest = total - request.partials * PARTIAL_TOKENS;
  yield { frame: '', ticks: rest, outputTokens: rest };
  const type = `${name}.completed`;
  const b64 = picturePng(pictureSeed(request, 0)).toString('base64');
  yield { frame: namedFrame(type, { type, b64_json: b64, ...shared, usage }), ticks: 0, outputTokens: 0 };
}

function look(request: ImageRequest): Json {
  return { background: 'opaque', output_format: 'png', quality: request.quality, size: request.size };
}

function pictureSeed(request: ImageRequest, index: number): number {
  return (seedOf([request.model.row.model, request.prompt]) + index) % 1_000_000;
}

function imageCharge(request: ImageRequest, responseId: string, outputTokens: number): Charge {
  const { model, inputImageTokens } = request;
  const inputTokens = request.promptTokens + inputImageTokens;
  const shared = { responseId, model: model.answersAs, serviceTier: 'default' };
  if (request.isPricedByPicture) {
    const pictures = { key: pictureKey(request.size, request.quality), count: request.count };
    const used = { ...NOTHING_USED, pictures };
    return { ...shared, usage: null, parts: [{ row: model.row, tierPermille: 1000, used }] };
  }
  const used = {
    ...NOTHING_USED,
    inputTokens,
    imageInputTokens: inputImageTokens,
    outputTokens,
    imageOutputTokens: outputTokens,
  };
  return {
    ...shared,
    usage: {
      input_tokens: inputTokens,
      input_tokens_details: { text_tokens: request.promptTokens, image_tokens: inputImageTokens },
      output_tokens: outputTokens,
      output_tokens_details: { text_tokens: 0, image_tokens: outputTokens },
      total_tokens: inputTokens + outputTokens,
    },
    parts: [{ row: model.row, tierPermille: 1000, used }],
  };
}
