import type { Step } from './generation.ts';
import { callTokens, type PlannedCall } from './planned-output.ts';
import { textOf } from './prose.ts';
import { bytesPerSecond } from './realtime-audio.ts';
import type { RealtimePlan } from './realtime-plan.ts';
import { realtimeEvent } from './realtime-scene.ts';
import type { Json } from './request-fields.ts';
import { pcmTone } from './sound.ts';
import type { Piece, Tokenizer } from './tokenizer.ts';

/** Sound of one word: 0.4 s. */
const SECONDS_PER_WORD = 0.4;

export interface OutputView {
  readonly plan: RealtimePlan;
  /** The item before it in the conversation; undefined for a response that is not part of one. */
  readonly previousItemId: string | null | undefined;
  readonly tokenizer: Tokenizer;
  /** The event that ends it. */
  done(): string;
}

/** The events of a response after `response.created`, to its end. */
export function* realtimeSteps(view: OutputView): Generator<Step> {
  const { plan } = view;
  const [call] = plan.output.calls;
  const event = (type: string, fields: Json, tokens = 0): Step => ({
    frame: realtimeEvent(type, fields),
    ticks: tokens,
    outputTokens: tokens,
  });
  const output = { response_id: plan.id, output_index: 0 };
  const opened = outputItem(plan, 0, 'in_progress', view.tokenizer);
  yield event('response.output_item.added', { ...output, item: opened });
  if (view.previousItemId !== undefined)
    yield event('conversation.item.added', { previous_item_id: view.previousItemId, item: opened });
  let said = 0;
  for (const step of call ? callSteps(view, call, event) : messageSteps(view, event)) {
    said += step.outputTokens;
    yield step;
  }
  // What was generated without becoming audible, such as a call cut off before its name.
  const unseen = plan.output.tokens - said;
  if (unseen > 0) yield { frame: '', ticks: unseen, outputTokens: unseen };
  const item = outputItem(plan, plan.output.tokens, finalStatus(plan), view.tokenizer);
  if (view.previousItemId !== undefined)
    yield event('conversation.item.done', { previous_item_id: view.previousItemId, item });
  yield event('response.output_item.done', { ...output, item });
  yield { frame: view.done(), ticks: 0, outputTokens: 0 };
}

export function finalStatus(plan: RealtimePlan): 'completed' | 'incomplete' {
  return plan.output.truncated ? 'incomplete' : 'completed';
}

/** What was said once so many tokens were generated. */
export function saidText(plan: RealtimePlan, outputTokens: number, tokenizer: Tokenizer): string {
  const [call] = plan.output.calls;
  const pieces = call?.argumentPieces ?? plan.output.text;
  let left = outputTokens - (call ? callTokens(call.name, 0, tokenizer) : 0);
  const said: Piece[] = [];
  for (const piece of pieces) {
    left -= piece.tokens;
    if (left < 0) break;
    said.push(piece);
  }
  return textOf(said);
}

/** The item once so many tokens were generated. */
export function outputItem(
  plan: RealtimePlan,
  outputTokens: number,
  status: string,
  tokenizer: Tokenizer,
): Json {
  const shared = { id: plan.itemId, object: 'realtime.item', status };
  const [call] = plan.output.calls;
  const text = saidText(plan, outputTokens, tokenizer);
  if (call)
    return { ...shared, type: 'function_call', name: call.name, call_id: call.callId, arguments: text };
  const part = plan.settings.speaks
    ? { type: 'output_audio', transcript: text }
    : { type: 'output_text', text };
  return { ...shared, type: 'message', role: 'assistant', content: status === 'in_progress' ? [] : [part] };
}

type MakeEvent = (type: string, fields: Json, tokens?: number) => Step;

function* messageSteps({ plan }: OutputView, event: MakeEvent): Generator<Step> {
  const { speaks, format } = plan.settings;
  const at = { response_id: plan.id, item_id: plan.itemId, output_index: 0, content_index: 0 };
  const part = (text: string): Json =>
    speaks ? { type: 'audio', transcript: text } : { type: 'text', text };
  yield event('response.content_part.added', { ...at, part: part('') });
  const perWord = bytesPerSecond(format, 'audio.output.format.type') * SECONDS_PER_WORD;
  for (const { text, tokens } of plan.output.text) {
    if (!speaks) {
      yield event('response.output_text.delta', { ...at, delta: text }, tokens);
      continue;
    }
    yield event('response.output_audio_transcript.delta', { ...at, delta: text }, tokens);
    yield event('response.output_audio.delta', { ...at, delta: pcmTone(perWord).toString('base64') });
  }
  const text = textOf(plan.output.text);
  if (speaks) {
    yield event('response.output_audio.done', at);
    yield event('response.output_audio_transcript.done', { ...at, transcript: text });
  } else yield event('response.output_text.done', { ...at, text });
  yield event('response.content_part.done', { ...at, part: part(text) });
}

function* callSteps({ plan, tokenizer }: OutputView, call: PlannedCall, event: MakeEvent): Generator<Step> {
  const at = { response_id: plan.id, item_id: plan.itemId, output_index: 0, call_id: call.callId };
  const naming = callTokens(call.name, 0, tokenizer);
  yield { frame: '', ticks: naming, outputTokens: naming };
  for (const { text, tokens } of call.argumentPieces)
    yield event('response.function_call_arguments.delta', { ...at, delta: text }, tokens);
  yield event('response.function_call_arguments.done', {
    ...at,
    name: call.name,
    arguments: textOf(call.argumentPieces),
  });
}
