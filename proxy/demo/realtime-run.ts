import type { Generation } from './generation.ts';
import { type EventSink, walkGeneration } from './generation-walk.ts';
import { MESSAGE_FRAMING_TOKENS } from './prompt.ts';
import { NO_TOKENS, type RealtimeItem } from './realtime-items.ts';
import { finalStatus, outputItem, realtimeSteps, saidText } from './realtime-output.ts';
import { outputByKind, type RealtimePlan, realtimeCharge } from './realtime-plan.ts';
import { idBefore, REALTIME_PATH, type RealtimeScene, realtimeEvent } from './realtime-scene.ts';
import type { Json } from './request-fields.ts';
import { openSettlement } from './settlement.ts';

export type CancelReason = 'client_cancelled' | 'turn_detected';

/** A realtime response from its first event to its bill. */
export interface RealtimeRun {
  readonly isInConversation: boolean;
  /** Speaks in real time. Call it once, when the run can be found. */
  begin(): void;
  /** Ends it now, and bills what was said; does nothing once it has ended. */
  endEarly(reason: CancelReason): void;
}

const RATE_LIMITS = [
  { name: 'requests', limit: 10_000, remaining: 9_999, reset_seconds: 0.006 },
  { name: 'tokens', limit: 30_000_000, remaining: 29_999_000, reset_seconds: 0.002 },
];

/** `onEnded` is called before the client can know of the end. */
export function createRealtimeRun(
  plan: RealtimePlan,
  metadata: Json,
  isInConversation: boolean,
  scene: RealtimeScene,
  onEnded: () => void,
): RealtimeRun {
  const { line, deps, items } = scene;
  const { tokenizer } = deps.simulation;
  const total = plan.output.tokens;
  const full = realtimeCharge(plan, total);
  const previousItemId = isInConversation ? idBefore(items, items.length) : undefined;
  const item: RealtimeItem = {
    id: plan.itemId,
    shown: outputItem(plan, 0, 'in_progress', tokenizer),
    tokens: NO_TOKENS,
    version: 0,
    text: '',
  };
  let generated = 0;
  let state: 'running' | 'ended' | 'cut' = 'running';
  let wake: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    wake = resolve;
  });

  const object = (status: string, details: Json | null, usage: unknown): Json => ({
    object: 'realtime.response',
    id: plan.id,
    status,
    status_details: details,
    output: status === 'in_progress' ? [] : [item.shown],
    conversation_id: isInConversation ? scene.conversationId : null,
    output_modalities: [plan.settings.speaks ? 'audio' : 'text'],
    max_output_tokens: plan.settings.maxTokens,
    audio: { output: { format: plan.settings.format } },
    usage,
    metadata,
  });
  const done = (): string => {
    const status = finalStatus(plan);
    const details = status === 'incomplete' ? { type: status, reason: 'max_output_tokens' } : null;
    return realtimeEvent('response.done', { response: object(status, details, full.usage) });
  };
  /** From then on the item is part of the conversation, as far as it came. */
  const end = (status: 'completed' | 'incomplete', how: 'ended' | 'cut'): void => {
    state = how;
    const { text, audio } = outputByKind(plan, generated);
    item.shown = outputItem(plan, generated, status, tokenizer);
    item.tokens = { ...NO_TOKENS, text: MESSAGE_FRAMING_TOKENS + text, audio };
    item.text = saidText(plan, generated, tokenizer);
    item.version += 1;
    onEnded();
    wake();
  };
  const generation: Generation = {
    totalOutputTokens: total,
    charge: (outputTokens) => realtimeCharge(plan, outputTokens),
    steps: () => realtimeSteps({ plan, previousItemId, tokenizer, done }),
    errorFrame: (message) => realtimeEvent('error', { error: { type: 'server_error', message } }),
    onCompleted: () => {
      generated = total;
      end(finalStatus(plan), 'ended');
    },
  };
  const settlement = openSettlement(generation, REALTIME_PATH, deps.bill);
  const counted = {
    ...settlement,
    advance: (outputTokens: number) => {
      generated += outputTokens;
      settlement.advance(outputTokens);
    },
  };
  const sink: EventSink = {
    get state() {
      return state === 'cut' ? 'broken' : line.state;
    },
    push: (frame) => line.send(frame, full.usage),
    flush: line.flush,
    sleep: (ms) => Promise.race([line.sleep(ms), ended]),
  };
  const walk = async (): Promise<void> => {
    await walkGeneration(generation, deps.pace, sink, counted, performance.now());
    if (line.state === 'open') settlement.complete();
    else settlement.end(line.state === 'gone' ? 'aborted' : 'failed');
  };

  return {
    isInConversation,
    begin: () => {
      if (isInConversation) items.push(item);
      scene.send('response.created', { response: object('in_progress', null, null) });
      scene.send('rate_limits.updated', { rate_limits: RATE_LIMITS });
      // A mistake of the simulation, such as a price it lacks, is told to whoever tests with it.
      walk().catch((cause: unknown) => {
        scene.send('error', { error: { type: 'server_error', message: `Simulation: ${String(cause)}` } });
      });
    },
    endEarly: (reason) => {
      if (state !== 'running') return;
      settlement.end('aborted');
      end('incomplete', 'cut');
      const { usage } = realtimeCharge(plan, generated);
      scene.send('response.output_item.done', { response_id: plan.id, output_index: 0, item: item.shown });
      const response = object('cancelled', { type: 'cancelled', reason }, usage);
      scene.send('response.done', { response }, usage);
    },
  };
}
