import { NOTHING_USED } from './call-cost.ts';
import { type Question, readDecisionRequest } from './decision-request.ts';
import { jsonAnswer } from './generation.ts';
import { objectId } from './object-ids.ts';
import { promptTokens } from './prompt.ts';
import { type Json, parseJsonBody } from './request-fields.ts';
import { type SeededRandom, seededRandom, seedOf } from './seeded-random.ts';
import type { Route } from './simulation.ts';

/** An answer is a few tokens, whatever it says. */
const TOKENS_PER_ANSWER = 4;

/** POST /v1/decisions: one made-up answer for each question. */
export const createDecision: Route = (call, simulation) => {
  const { model, questions, prompt } = readDecisionRequest(parseJsonBody(call.body), call, simulation);
  const cache = simulation.promptCache.use(model.row.model, model.row, prompt, '30m');
  const random = seededRandom(seedOf([model.row.model, ...prompt.texts]));
  const inputTokens = promptTokens(prompt);
  const outputTokens = questions.length * TOKENS_PER_ANSWER;
  const usage = {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cache.cachedTokens, cache_write_tokens: cache.written30mTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  };
  const used = {
    ...NOTHING_USED,
    inputTokens,
    cachedTokens: cache.cachedTokens,
    cacheWrite30mTokens: cache.written30mTokens,
    outputTokens,
  };
  return jsonAnswer(
    { answers: questions.map((each) => answer(each, random)), model: model.answersAs, usage },
    {
      responseId: objectId('dec_'),
      model: model.answersAs,
      serviceTier: 'default',
      usage,
      parts: [{ row: model.row, tierPermille: 1000, used }],
    },
  );
};

function answer({ type, name, values, labels }: Question, random: SeededRandom): Json {
  switch (type) {
    case 'predicate':
      return { type, name, probability: round(random.next()) };
    case 'choice': {
      const shares = sharesOf(values.length, random);
      const best = shares.indexOf(Math.max(...shares));
      return {
        type,
        name,
        choice: values[best],
        confidence: shares[best],
        probabilities: values.map((value, index) => ({ value, probability: shares[index] })),
      };
    }
    case 'score': {
      const shares = sharesOf(labels.length, random);
      return {
        type,
        name,
        score: round(shares.reduce((sum, share, value) => sum + share * value, 0)),
        confidence: Math.max(...shares),
        probabilities: labels.map((label, value) => ({ label, value, probability: shares[value] })),
      };
    }
  }
}

function sharesOf(count: number, random: SeededRandom): number[] {
  const weights = Array.from({ length: count }, () => random.next() + 0.01);
  const sum = weights.reduce((total, each) => total + each, 0);
  return weights.map((each) => round(each / sum));
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
