import { chatErrorFrame } from './chat.ts';
import { DONE_FRAME } from './chat-events.ts';
import { type CompletionPlan, completionCharge, planCompletion } from './completion-plan.ts';
import { dataFrame, jsonAnswer, type Step } from './generation.ts';
import { textOf } from './prose.ts';
import { parseJsonBody } from './request-fields.ts';
import type { Route } from './simulation.ts';
import type { Piece } from './tokenizer.ts';

/** POST /v1/completions, the legacy endpoint */
export const createCompletion: Route = (call, simulation) => {
  const plan = planCompletion(parseJsonBody(call.body), call, simulation);
  const charge = completionCharge(plan, plan.totalOutputTokens);
  if (!plan.stream) return jsonAnswer(completion(plan, charge.usage), charge);
  return {
    kind: 'streamed',
    generation: {
      totalOutputTokens: plan.totalOutputTokens,
      charge: (outputTokens) => completionCharge(plan, outputTokens),
      steps: () => completionSteps(plan, charge.usage),
      errorFrame: chatErrorFrame,
    },
  };
};

function completion(plan: CompletionPlan, usage: unknown): unknown {
  return {
    ...head(plan),
    choices: plan.choices.map(({ prompt, output }, index) => ({
      text: (plan.echo ? prompt.text : '') + textOf(output.text),
      index,
      logprobs: plan.logprobs === null ? null : legacyLogprobs(output.text),
      finish_reason: output.truncated ? 'length' : 'stop',
    })),
    usage,
  };
}

function* completionSteps(plan: CompletionPlan, usage: unknown): Generator<Step> {
  const shared = plan.includeUsage ? { ...head(plan), usage: null } : head(plan);
  const chunk = (
    index: number,
    pieces: readonly Piece[],
    finish: string | null,
    text = textOf(pieces),
  ): string =>
    dataFrame({
      ...shared,
      choices: [
        {
          text,
          index,
          logprobs: plan.logprobs === null ? null : legacyLogprobs(pieces),
          finish_reason: finish,
        },
      ],
    });
  for (const [index, { prompt, output }] of plan.choices.entries()) {
    if (plan.echo) yield { frame: chunk(index, [], null, prompt.text), ticks: 0, outputTokens: 0 };
    for (const piece of output.text) {
      yield { frame: chunk(index, [piece], null), ticks: piece.tokens, outputTokens: piece.tokens };
    }
    yield { frame: chunk(index, [], output.truncated ? 'length' : 'stop'), ticks: 0, outputTokens: 0 };
  }
  if (plan.includeUsage) {
    yield { frame: dataFrame({ ...head(plan), choices: [], usage }), ticks: 0, outputTokens: 0 };
  }
  yield { frame: DONE_FRAME, ticks: 0, outputTokens: 0 };
}

function head(plan: CompletionPlan): Record<string, unknown> {
  return { id: plan.id, object: 'text_completion', created: plan.created, model: plan.model.answersAs };
}

function legacyLogprobs(pieces: readonly Piece[]): unknown {
  return {
    tokens: pieces.map((piece) => piece.text),
    token_logprobs: pieces.map((piece) => -((piece.text.length % 7) / 10)),
    top_logprobs: null,
    text_offset: pieces.map((_, index) => textOf(pieces.slice(0, index)).length),
  };
}
