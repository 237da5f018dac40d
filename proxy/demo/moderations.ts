import { jsonAnswer } from './generation.ts';
import { objectId } from './object-ids.ts';
import { isObject, missing, optionalString, parseJsonBody } from './request-fields.ts';
import { findModel, type Route } from './simulation.ts';

const CATEGORIES = [
  'harassment',
  'harassment/threatening',
  'hate',
  'hate/threatening',
  'illicit',
  'illicit/violent',
  'self-harm',
  'self-harm/intent',
  'self-harm/instructions',
  'sexual',
  'sexual/minors',
  'violence',
  'violence/graphic',
];

/** POST /v1/moderations: free. Flags whatever speaks of killing, so that both outcomes can be seen. */
export const createModeration: Route = (call, simulation) => {
  const body = parseJsonBody(call.body);
  const input = body['input'] ?? missing('input');
  const model = findModel(simulation, call, optionalString(body, 'model') ?? 'omni-moderation-latest', [
    'moderation',
  ]);
  const inputs = Array.isArray(input) ? input : [input];
  // A list of texts is judged one by one; a list of text and picture parts is one thing to judge.
  const texts = inputs.every((each) => typeof each === 'string') ? inputs : [inputs.map(partText).join(' ')];
  return jsonAnswer({
    id: objectId('modr-', 12),
    model: model.answersAs,
    results: texts.map((text) => verdict(/\bkill(s|ed|ing)?\b/i.test(text))),
  });
};

function partText(part: unknown): string {
  return isObject(part) && typeof part['text'] === 'string' ? part['text'] : '';
}

function verdict(violent: boolean): unknown {
  const isHit = (category: string): boolean => violent && category === 'violence';
  return {
    flagged: violent,
    categories: Object.fromEntries(CATEGORIES.map((each) => [each, isHit(each)])),
    category_scores: Object.fromEntries(CATEGORIES.map((each) => [each, isHit(each) ? 0.91 : 0.0001])),
    category_applied_input_types: Object.fromEntries(CATEGORIES.map((each) => [each, ['text']])),
  };
}
