import { implement, ORPCError } from '@orpc/server';
import { controlContract } from '../contract/control-contract.ts';
import { AppError } from '../contract/errors.ts';
import type { ControlDeps } from './control-deps.ts';

/** Who is asking; ends when the connection does. */
export interface ControlContext {
  readonly signal: AbortSignal;
  /** `local` is this process or whoever can open the control socket; `dashboard` a browser with a session. */
  readonly door: 'local' | 'dashboard';
  /** Of the browser that asks. */
  readonly sessionId: string | null;
}

/** The contract, to be implemented: what a handler throws crosses as an error of the table. */
export function contractServer(deps: ControlDeps) {
  return implement(controlContract)
    .$context<ControlContext>()
    .use(async ({ next }) => {
      try {
        return await next();
      } catch (error) {
        throw toContractError(deps, error);
      }
    });
}

export type ContractServer = ReturnType<typeof contractServer>;

/** Ours cross as they are; anything else is logged here and crosses without its text. */
export function toContractError(deps: ControlDeps, error: unknown): unknown {
  if (error instanceof ORPCError) return error;
  if (!(error instanceof AppError)) deps.onError(error);
  const known = error instanceof AppError ? error : new AppError('internal_error');
  return new ORPCError(known.code, {
    defined: true,
    status: known.status,
    message: known.message,
    data: { hint: known.hint, details: known.details },
  });
}

/** Streams run after their handler has returned, so nothing but themselves can translate what they throw. */
export async function* translated<Item>(
  deps: ControlDeps,
  items: AsyncGenerator<Item>,
): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    throw toContractError(deps, error);
  }
}

export function anySignal(a: AbortSignal, b: AbortSignal | undefined): AbortSignal {
  return b ? AbortSignal.any([a, b]) : a;
}
