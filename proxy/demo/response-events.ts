import { namedFrame, type Step } from './generation.ts';
import type { HostedCall } from './hosted-call.ts';
import { callTokens } from './planned-output.ts';
import { textOf } from './prose.ts';
import type { Json } from './request-fields.ts';
import {
  callItem,
  finalStatus,
  hasMessage,
  itemStatus,
  messageItem,
  reasoningItem,
  responseObject,
  textPart,
} from './response-object.ts';
import type { ResponsePlan } from './response-plan.ts';
import type { Tokenizer } from './tokenizer.ts';

/** The events of a streamed response, from `response.created` to the one that carries the usage. */
export function* responseSteps(
  plan: ResponsePlan,
  usage: unknown,
  completedAt: () => number,
  tokenizer: Tokenizer,
): Generator<Step> {
  let sequence = 0;
  const step = (type: string, fields: Json, tokens = 0): Step => {
    const frame = namedFrame(type, { type, sequence_number: sequence, ...fields });
    return { frame, ticks: tokens, outputTokens: tokens, sequence: sequence++ };
  };
  const early = (status: 'queued' | 'in_progress'): Json => responseObject(plan, status, null, null);
  yield step('response.created', { response: early(plan.request.background ? 'queued' : 'in_progress') });
  if (plan.request.background) yield step('response.queued', { response: early('queued') });
  yield step('response.in_progress', { response: early('in_progress') });
  let index = 0;
  for (const call of plan.hosted.calls) yield* hostedSteps(call, index++, step);
  const { output } = plan;
  if (output.reasoningTokens > 0) {
    const item = reasoningItem(plan);
    yield step('response.output_item.added', { output_index: index, item });
    for (let hidden = 0; hidden < output.reasoningTokens; hidden++)
      yield { frame: '', ticks: 1, outputTokens: 1 };
    yield step('response.output_item.done', { output_index: index, item });
    index += 1;
  }
  let said = output.reasoningTokens;
  for (const each of contentSteps(plan, index, step, tokenizer)) {
    said += each.outputTokens;
    yield each;
  }
  const unseen = output.tokens - said;
  if (unseen > 0) yield { frame: '', ticks: unseen, outputTokens: unseen };
  const status = finalStatus(plan);
  yield step(`response.${status}`, { response: responseObject(plan, status, usage, completedAt()) });
}

type MakeStep = (type: string, fields: Json, tokens?: number) => Step;

function* hostedSteps(call: HostedCall, index: number, step: MakeStep): Generator<Step> {
  yield step('response.output_item.added', { output_index: index, item: call.opened });
  for (const { type, fields } of call.progress) yield step(type, { output_index: index, ...fields });
  yield step('response.output_item.done', { output_index: index, item: call.item });
}

function* contentSteps(
  plan: ResponsePlan,
  start: number,
  step: MakeStep,
  tokenizer: Tokenizer,
): Generator<Step> {
  if (plan.output.calls.length === 0) {
    if (hasMessage(plan)) yield* messageSteps(plan, start, step);
    return;
  }
  for (const [position, call] of plan.output.calls.entries()) {
    const index = start + position;
    const at = { output_index: index, item_id: plan.calls[position]?.id };
    yield step(
      'response.output_item.added',
      { output_index: index, item: callItem(plan, position, 'in_progress') },
      callTokens(call.name, 0, tokenizer),
    );
    for (const piece of call.argumentPieces) {
      yield step('response.function_call_arguments.delta', { ...at, delta: piece.text }, piece.tokens);
    }
    const whole = textOf(call.argumentPieces);
    yield step('response.function_call_arguments.done', { ...at, name: call.name, arguments: whole });
    yield step('response.output_item.done', {
      output_index: index,
      item: callItem(plan, position, itemStatus(plan.output)),
    });
  }
}

function* messageSteps(plan: ResponsePlan, index: number, step: MakeStep): Generator<Step> {
  const { output, request } = plan;
  const at = { output_index: index, content_index: 0, item_id: plan.messageId };
  yield step('response.output_item.added', { output_index: index, item: messageItem(plan, 'in_progress') });
  yield step('response.content_part.added', { ...at, part: textPart('') });
  for (const piece of output.text) {
    const delta = { ...at, delta: piece.text, logprobs: [] };
    yield step(
      'response.output_text.delta',
      request.obfuscates ? { ...delta, obfuscation: 'Zk4tQx9'.slice(piece.text.length % 7) } : delta,
      piece.tokens,
    );
  }
  const text = textOf(output.text);
  yield step('response.output_text.done', { ...at, text, logprobs: [] });
  yield step('response.content_part.done', { ...at, part: textPart(text) });
  yield step('response.output_item.done', {
    output_index: index,
    item: messageItem(plan, itemStatus(output)),
  });
}
