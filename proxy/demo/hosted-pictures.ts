import { type CostPart, NOTHING_USED } from './call-cost.ts';
import { type HostedCall, phasedCall } from './hosted-call.ts';
import { objectId } from './object-ids.ts';
import { modelNotFound } from './openai-error.ts';
import { pictureOutputTokens, picturePng } from './picture.ts';
import type { Json } from './request-fields.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Simulation } from './simulation.ts';

/** Used where the image tool names no model. */
const DEFAULT_PICTURE_MODEL = 'gpt-image-2';

/** A picture, and what it costs at the prices of its own model. */
export function makePicture(
  tool: Json,
  userText: string,
  random: SeededRandom,
  simulation: Simulation,
): { call: HostedCall; part: CostPart } {
  const name = typeof tool['model'] === 'string' ? tool['model'] : DEFAULT_PICTURE_MODEL;
  const model = simulation.catalog.find(name);
  if (model?.kind !== 'image') throw modelNotFound(name);
  const size = typeof tool['size'] === 'string' ? tool['size'] : 'auto';
  const quality = typeof tool['quality'] === 'string' ? tool['quality'] : 'auto';
  const outputTokens = pictureOutputTokens(size, quality);
  const inputTokens = simulation.tokenizer.count(userText);
  const item = {
    id: objectId('ig_'),
    type: 'image_generation_call',
    status: 'completed',
    result: picturePng(random.between(0, 1_000_000)).toString('base64'),
    output_format: 'png',
    revised_prompt: userText,
  };
  const used = { ...NOTHING_USED, inputTokens, outputTokens, imageOutputTokens: outputTokens };
  return {
    call: phasedCall(item, 'generating'),
    part: { row: model.row, tierPermille: 1000, used },
  };
}
