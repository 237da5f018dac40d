import type { ToolCalls, Usage, UsedContainer } from '../../pricing/usage.ts';

/** Ids that an answer has named: of itself, and of what it is made of. */
export interface AnsweredObjects {
  readonly id: string | null;
  readonly itemIds: readonly string[];
  /** Those that a body may have to name although the answer is not kept: OpenAI holds what they stand for. */
  readonly heldIds: readonly string[];
  readonly containers: readonly UsedContainer[];
}

/** Calls of tools as an answer tells them: a session for each container, whatever its size. */
export interface ToldCalls extends ToolCalls {
  readonly containers?: readonly UsedContainer[];
}

/** One model's share of an answer; most answers have one, some image answers two. */
export interface UsagePart {
  /** The model the answer names, or null when it names none. */
  readonly model: string | null;
  readonly usage: Usage;
}

/** What an answer says it used. */
export type Metered =
  | {
      readonly kind: 'usage';
      readonly parts: readonly UsagePart[];
      readonly tools: ToldCalls;
      /** Pictures that a tool has made; their model is the one the request named for it. */
      readonly pictures: Usage | null;
      readonly serviceTier: string | null;
    }
  /** It should say and does not: it broke off, or is not what the endpoint answers. */
  | { readonly kind: 'missing'; readonly model: string | null; readonly serviceTier: string | null }
  /** It says something that cannot be true. */
  | { readonly kind: 'bad'; readonly problem: string; readonly model: string | null };
