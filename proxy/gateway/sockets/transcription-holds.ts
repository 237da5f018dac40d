import { NO_TOOL_CALLS } from '../../pricing/usage.ts';
import { admitRequest } from '../admit-request.ts';
import { chargeBroken, chargeFor } from '../charge-answer.ts';
import type { Metered } from '../metering/metered.ts';
import { readUsage } from '../metering/usage-shapes.ts';
import type { OpenHold } from '../open-holds.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { type BoundReason, type Charge, chargeNothing } from '../settlement.ts';
import { beginTurn } from './begin-turn.ts';
import type { SessionScene } from './open-session.ts';
import { transcriptionFacts } from './realtime-facts.ts';
import type { SocketEnd } from './socket-relay.ts';
import type { SocketTurn } from './socket-turn.ts';

/** So much sound is held for at once. */
const STEP_MS = 60_000;

/** A hold for a stretch of sound, and what has been charged to it so far. */
interface Step {
  readonly turn: SocketTurn;
  readonly model: string;
  leftMs: number;
  /** For what was written down of it; null for nothing yet. */
  charge: Charge | null;
}

/**
 * Holds for what a realtime session writes down of what is said. It is billed turn by turn, and where a
 * turn ends is OpenAI's decision; so before sound goes out there is a hold for its length, in steps of a
 * minute, and what is told of turns is charged to the steps in their order.
 */
export class TranscriptionHolds {
  readonly #scene: SessionScene;
  /** The oldest first; the last one takes what is said now. */
  readonly #steps: Step[] = [];
  /** Turns whose text has not come yet. */
  readonly #pending = new Set<string>();

  constructor(scene: SessionScene) {
    this.#scene = scene;
  }

  get openHolds(): readonly OpenHold[] {
    return this.#steps.flatMap(({ turn }) => turn.openHolds);
  }

  get isBusy(): boolean {
    return this.#pending.size > 0;
  }

  /** Null when there is a hold for so much sound, else what to wait for; a refusal when there is none to be had. */
  cover(ms: number, model: string, promptBytes: number): Promise<Refusal | null> | null {
    const step = this.#steps.at(-1);
    if (step && step.model === model && step.leftMs >= ms) {
      step.leftMs -= ms;
      return null;
    }
    return this.#addStep(ms, model, promptBytes);
  }

  #addStep(ms: number, model: string, promptBytes: number): Promise<Refusal | null> {
    const { deps, user, address, relay } = this.#scene;
    return new Promise((resolve) => {
      const turn = beginTurn(this.#scene, {
        address,
        tell: (_turn, refusal) => {
          resolve(refusal);
          return 429;
        },
        breakOff: () => relay.breakOff(),
        onEnded: () => resolve(null),
      });
      if (isRefusal(turn)) {
        resolve(turn);
        return;
      }
      const lengthMs = Math.max(STEP_MS, ms);
      const isPricedByTime = deps.book.find(model)?.rates.minute !== undefined;
      const facts = transcriptionFacts(model, lengthMs / 1000, promptBytes, isPricedByTime, user);
      turn.facts = facts;
      turn.guard(() =>
        admitRequest(turn, { facts, body: null }, () => {
          if (turn.stopped || !relay.isOpen) {
            turn.endUnsent();
            return;
          }
          turn.sentMs = deps.monotonic();
          this.#steps.push({ turn, model, leftMs: lengthMs - ms, charge: null });
          resolve(null);
        }),
      );
    });
  }

  /** A turn has ended; its text is being written down. */
  onCommitted(itemId: string): void {
    if (this.#steps.length > 0) this.#pending.add(itemId);
  }

  onFailed(itemId: string): void {
    this.#pending.delete(itemId);
  }

  /** What was written down of a turn, and at what cost. */
  onCompleted(itemId: string, usage: unknown): void {
    this.#pending.delete(itemId);
    const [oldest] = this.#steps;
    if (!oldest) return;
    const { turn, model } = oldest;
    turn.firstByteMs ??= this.#scene.deps.monotonic();
    const read = readUsage(usage, 'text');
    if (!read.ok) {
      this.#settle(oldest, chargeBroken(turn, 'usage_bad'));
      return;
    }
    const parts = [{ model, usage: read.usage }];
    const metered: Metered = {
      kind: 'usage',
      parts,
      tools: NO_TOOL_CALLS,
      pictures: null,
      serviceTier: null,
    };
    this.#chargeTo(oldest, chargeFor(turn, this.#scene.deps.today(), metered));
  }

  /** Charges a turn to a step, or, where the step's hold does not take it any more, to the one behind. */
  #chargeTo(step: Step, charge: Charge): void {
    const sum = step.charge ? added(step.charge, charge) : charge;
    const held = step.turn.held.nanoUsd;
    const isFull = step.charge !== null && held !== null && (sum.costNanoUsd ?? 0) > held;
    const behind = this.#steps[1];
    if (isFull && behind) {
      this.#settle(step, step.charge ?? chargeNothing('never_used'));
      this.#chargeTo(behind, charge);
    } else step.charge = sum;
  }

  #settle(step: Step, charge: Charge): void {
    this.#steps.splice(this.#steps.indexOf(step), 1);
    step.turn.end(charge, 200);
  }

  /** What has not been written down is free, unless nobody can know. */
  end(how: SocketEnd): void {
    const reason = REASONS[how];
    for (const step of [...this.#steps]) {
      const isKnown = this.#pending.size === 0 && how === 'left';
      const charge = isKnown ? (step.charge ?? chargeNothing('never_used')) : chargeBroken(step.turn, reason);
      this.#settle(step, charge);
    }
  }
}

const REASONS: Readonly<Record<SocketEnd, BoundReason>> = {
  left: 'interrupted',
  unheard: 'interrupted',
  broken: 'upstream_broken',
  timeout: 'upstream_timeout',
};

/** Two turns of one hold: each was rounded up by itself, as OpenAI bills them. */
function added(before: Charge, charge: Charge): Charge {
  const { usage } = charge;
  const isKnown = before.costNanoUsd !== null && charge.costNanoUsd !== null;
  return {
    ...charge,
    costNanoUsd: isKnown ? (before.costNanoUsd ?? 0) + (charge.costNanoUsd ?? 0) : null,
    usage: {
      ...usage,
      inputTokens: before.usage.inputTokens + usage.inputTokens,
      audioInputTokens: before.usage.audioInputTokens + usage.audioInputTokens,
      cachedInputTokens: before.usage.cachedInputTokens + usage.cachedInputTokens,
      outputTokens: before.usage.outputTokens + usage.outputTokens,
      seconds: before.usage.seconds + usage.seconds,
    },
  };
}
