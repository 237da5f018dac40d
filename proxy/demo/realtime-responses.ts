import { readMetadata } from './metadata.ts';
import { invalidRequest } from './openai-error.ts';
import { buildContext, cachedTokens, type RealtimeContext } from './realtime-context.ts';
import { findItem } from './realtime-conversation.ts';
import { type RealtimeItem, readRealtimeItem } from './realtime-items.ts';
import { planRealtime } from './realtime-plan.ts';
import { type CancelReason, createRealtimeRun, type RealtimeRun } from './realtime-run.ts';
import type { RealtimeScene } from './realtime-scene.ts';
import { readInputSettings, readOutputSettings } from './realtime-session.ts';
import { isObject, type Json, optionalArray } from './request-fields.ts';

export interface RealtimeResponses {
  /** `wish` is the `response` of a `response.create`. Throws OpenAiError. */
  create(wish: Json): void;
  /** Ends one now, that of the conversation where no id is given. False where there is none. */
  cancel(responseId: string | null, reason: CancelReason): boolean;
}

/** The responses of one connection: one at a time in its conversation, and any number beside it. */
export function createRealtimeResponses(scene: RealtimeScene): RealtimeResponses {
  const { deps, session, items } = scene;
  const { simulation } = deps;
  const running = new Map<string, RealtimeRun>();
  let lastRead: RealtimeContext | null = null;
  const active = (): RealtimeRun | undefined => [...running.values()].find((each) => each.isInConversation);

  return {
    create: (wish) => {
      const { model } = session;
      if (!model)
        throw invalidRequest('A transcription session has no responses.', null, 'unsupported_event');
      const isInConversation = wish['conversation'] !== 'none';
      if (isInConversation && active()) {
        throw invalidRequest(
          'Conversation already has an active response in progress. Wait until the response is finished before creating a new one.',
          null,
          'conversation_already_has_active_response',
        );
      }
      const settings = readOutputSettings(session, wish);
      const read = Array.isArray(wish['input']) ? readInput(wish, model.row.model, scene) : items;
      const context = buildContext(read, settings, model.row, simulation);
      const cached = cachedTokens(context, lastRead, model.row);
      const metadata = readMetadata(wish);
      const plan = planRealtime(model, settings, read, context, cached, simulation);
      if (isInConversation) lastRead = context;
      const run = createRealtimeRun(plan, metadata, isInConversation, scene, () => running.delete(plan.id));
      running.set(plan.id, run);
      run.begin();
    },
    cancel: (responseId, reason) => {
      const found = responseId === null ? active() : running.get(responseId);
      found?.endEarly(reason);
      return found !== undefined;
    },
  };
}

/** Items of its own, or references to those of the conversation. */
function readInput(wish: Json, model: string, { session, items, deps }: RealtimeScene): RealtimeItem[] {
  const { bytesPerSecond } = readInputSettings(session, deps.simulation);
  return optionalArray(wish, 'input').map((each) =>
    isObject(each) && each['type'] === 'item_reference'
      ? findItem(items, each['id'])
      : readRealtimeItem(each, model, bytesPerSecond, deps.simulation),
  );
}
