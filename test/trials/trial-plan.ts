import fc from 'fast-check';
import type { Fault } from '../../proxy/demo/faults.ts';

/** When a client leaves: never, after some milliseconds, or after some pieces of the answer. */
export type Leave =
  | { readonly kind: 'stays' }
  | { readonly kind: 'after-ms'; readonly ms: number }
  | { readonly kind: 'after-chunks'; readonly chunks: number };

export interface PlannedRequest {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly leave: Leave;
  /** Milliseconds after the one before it. */
  readonly waitMs: number;
}

export interface TrialPlan {
  /** Nano-dollars. */
  readonly cap: number;
  readonly window: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'total';
  readonly requests: readonly PlannedRequest[];
  /** What OpenAI does wrong, request by request, the first ones first. */
  readonly faults: readonly Fault[];
  /** Hours the clock is moved on before it begins. */
  readonly forwardHours: number;
  /** Hours the clock goes back in the middle of it. */
  readonly backHours: number;
  /** Whether the engine is closed and opened again when all is done. */
  readonly restart: boolean;
}

const MODELS = ['gpt-5.4-mini', 'gpt-4o-mini', 'gpt-5.4', 'gpt-4.1-nano'] as const;
const model = fc.constantFrom(...MODELS);
const prompt = fc
  .integer({ min: 1, max: 400 })
  .map((sentences) => 'Budgets are promises that somebody keeps. '.repeat(sentences));
const maximum = fc.option(fc.integer({ min: 1, max: 600 }), { nil: undefined, freq: 2 });

const chat = fc
  .record({ model, prompt, maximum, stream: fc.boolean(), n: fc.constantFrom(1, 1, 1, 3) })
  .map((plan) => ({
    path: '/chat/completions',
    body: {
      model: plan.model,
      messages: [{ role: 'user', content: plan.prompt }],
      stream: plan.stream,
      n: plan.n,
      ...(plan.maximum === undefined ? {} : { max_completion_tokens: plan.maximum }),
    },
  }));
const response = fc.record({ model, prompt, maximum, stream: fc.boolean() }).map((plan) => ({
  path: '/responses',
  body: {
    model: plan.model,
    input: plan.prompt,
    stream: plan.stream,
    ...(plan.maximum === undefined ? {} : { max_output_tokens: plan.maximum }),
  },
}));
const embedding = fc.record({ prompt }).map((plan) => ({
  path: '/embeddings',
  body: { model: 'text-embedding-3-large', input: [plan.prompt, plan.prompt] },
}));
const speech = fc.record({ prompt }).map((plan) => ({
  path: '/audio/speech',
  body: { model: 'tts-1', voice: 'alloy', input: plan.prompt.slice(0, 4_000) },
}));

const leave: fc.Arbitrary<Leave> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ kind: 'stays' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('after-ms' as const), ms: fc.nat(60) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('after-chunks' as const), chunks: fc.nat(30) }) },
);
const request: fc.Arbitrary<PlannedRequest> = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: chat },
      { weight: 3, arbitrary: response },
      { weight: 1, arbitrary: embedding },
      { weight: 1, arbitrary: speech },
    ),
    leave,
    fc.constantFrom(0, 0, 0, 1, 5),
  )
  .map(([planned, leaves, waitMs]) => ({ ...planned, leave: leaves, waitMs }));

const fault: fc.Arbitrary<Fault> = fc.constantFrom<Fault>(
  { kind: 'server-error' },
  { kind: 'rate-limit' },
  { kind: 'overloaded' },
  { kind: 'reset-before-headers' },
  { kind: 'reset-after-headers' },
  { kind: 'reset-after-chunks', chunks: 3 },
  { kind: 'fin-after-chunks', chunks: 2 },
  { kind: 'end-after-chunks', chunks: 4 },
  { kind: 'error-after-chunks', chunks: 2 },
  { kind: 'truncated-json' },
  { kind: 'html' },
  { kind: 'no-done' },
  { kind: 'split', bytes: 3 },
  { kind: 'usage', as: 'missing' },
  { kind: 'usage', as: 'negative' },
  { kind: 'usage', as: 'nan' },
  { kind: 'usage', as: 'twice' },
  { kind: 'trickle', bytes: 200, everyMs: 1 },
);

export const trialPlan: fc.Arbitrary<TrialPlan> = fc.record({
  cap: fc.integer({ min: 100_000, max: 30_000_000 }),
  window: fc.constantFrom('minute', 'hour', 'day', 'week', 'month', 'total'),
  requests: fc.array(request, { minLength: 1, maxLength: 16 }),
  faults: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fault, { maxLength: 5 }) },
  ),
  forwardHours: fc.constantFrom(0, 0, 1, 25, 24 * 40),
  backHours: fc.constantFrom(0, 0, 1, 26),
  restart: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
});
