import fc from 'fast-check';
import type { Fault } from '../../proxy/demo/faults.ts';

/** When a client leaves: never, after some milliseconds, or after some pieces of the answer. */
export type Leave =
  | { readonly kind: 'stays' }
  | { readonly kind: 'after-ms'; readonly ms: number }
  | { readonly kind: 'after-chunks'; readonly chunks: number };

type Json = Readonly<Record<string, unknown>>;

/** What one client does. */
export type Visit =
  | { readonly kind: 'request'; readonly path: string; readonly body: Json }
  /** Responses of which each continues the one before. */
  | { readonly kind: 'chain'; readonly bodies: readonly Json[] }
  /** Frames of a WebSocket, sent one after the other's answer, or all at once on streams of their own. */
  | { readonly kind: 'socket'; readonly bodies: readonly Json[]; readonly isParallel: boolean }
  /** Seconds of speech, each followed by a silence that ends the turn. */
  | { readonly kind: 'realtime'; readonly turnsS: readonly number[]; readonly transcriber: string | null }
  | { readonly kind: 'batch'; readonly bodies: readonly Json[] };

export interface PlannedVisit {
  readonly visit: Visit;
  readonly leave: Leave;
  /** Milliseconds after the one before it. */
  readonly waitMs: number;
}

export interface TrialPlan {
  /** Nano-dollars. */
  readonly cap: number;
  readonly window: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'total';
  readonly visits: readonly PlannedVisit[];
  /** What OpenAI does wrong, request by request, the first ones first. */
  readonly faults: readonly Fault[];
  /** Hours the clock is moved on before it begins. */
  readonly forwardHours: number;
  /** Hours the clock goes back in the middle of it. */
  readonly backHours: number;
  /** Whether the engine is closed and opened again: when the clients have gone, or when all is settled. */
  readonly restart: 'never' | 'early' | 'late';
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
    kind: 'request' as const,
    path: '/chat/completions',
    body: {
      model: plan.model,
      messages: [{ role: 'user', content: plan.prompt }],
      stream: plan.stream,
      n: plan.n,
      ...(plan.maximum === undefined ? {} : { max_completion_tokens: plan.maximum }),
    },
  }));
const responseBody = fc.record({ model, prompt, maximum }).map((plan) => ({
  model: plan.model,
  input: plan.prompt,
  ...(plan.maximum === undefined ? {} : { max_output_tokens: plan.maximum }),
}));
const response = fc
  .record({ body: responseBody, mode: fc.constantFrom('plain', 'stream', 'background', 'both') })
  .map(({ body, mode }) => ({
    kind: 'request' as const,
    path: '/responses',
    body: {
      ...body,
      stream: mode === 'stream' || mode === 'both',
      background: mode === 'background' || mode === 'both',
    },
  }));
const search = responseBody.map((body) => ({
  kind: 'request' as const,
  path: '/responses',
  body: { ...body, model: 'gpt-5.4-mini', tools: [{ type: 'web_search' }], tool_choice: 'required' },
}));
const chain = fc.array(responseBody, { minLength: 2, maxLength: 4 }).map((bodies) => ({
  kind: 'chain' as const,
  // A response is continued with its own model, as a conversation is.
  bodies: bodies.map((body) => ({ ...body, model: bodies[0]?.model })),
}));
const socket = fc
  .record({ bodies: fc.array(responseBody, { minLength: 1, maxLength: 4 }), isParallel: fc.boolean() })
  .map((plan) => ({ kind: 'socket' as const, ...plan }));
const realtime = fc.record({
  kind: fc.constant('realtime' as const),
  turnsS: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
  transcriber: fc.constantFrom(null, null, 'whisper-1', 'gpt-4o-mini-transcribe'),
});
const batch = fc.array(responseBody, { minLength: 1, maxLength: 4 }).map((bodies) => ({
  kind: 'batch' as const,
  bodies: bodies.map((body) => ({ ...body, model: 'gpt-5.4-mini' })),
}));
const embedding = prompt.map((text) => ({
  kind: 'request' as const,
  path: '/embeddings',
  body: { model: 'text-embedding-3-large', input: [text, text] },
}));
// A minute of sound in pieces of three bytes would take minutes to send.
const speech = prompt.map((text) => ({
  kind: 'request' as const,
  path: '/audio/speech',
  body: { model: 'tts-1', voice: 'alloy', input: text.slice(0, 120) },
}));

const leave: fc.Arbitrary<Leave> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ kind: 'stays' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('after-ms' as const), ms: fc.nat(60) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('after-chunks' as const), chunks: fc.nat(30) }) },
);
const visit: fc.Arbitrary<PlannedVisit> = fc.record({
  visit: fc.oneof(
    { weight: 6, arbitrary: chat },
    { weight: 6, arbitrary: response },
    { weight: 1, arbitrary: search },
    { weight: 2, arbitrary: chain },
    { weight: 3, arbitrary: socket },
    { weight: 2, arbitrary: realtime },
    { weight: 1, arbitrary: batch },
    { weight: 1, arbitrary: embedding },
    { weight: 1, arbitrary: speech },
  ),
  leave,
  waitMs: fc.constantFrom(0, 0, 0, 1, 5),
});

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
  { kind: 'socket-refuse', status: 503 },
  { kind: 'socket-reset-after-events', events: 6 },
  { kind: 'socket-close-after-events', events: 4 },
  { kind: 'socket-usage', as: 'missing' },
  { kind: 'socket-usage', as: 'negative' },
);

export const trialPlan: fc.Arbitrary<TrialPlan> = fc.record({
  cap: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 100_000, max: 30_000_000 }) },
    // Enough for realtime sessions and tools.
    { weight: 1, arbitrary: fc.integer({ min: 100_000_000, max: 2_000_000_000 }) },
  ),
  window: fc.constantFrom('minute', 'hour', 'day', 'week', 'month', 'total'),
  visits: fc.array(visit, { minLength: 1, maxLength: 16 }),
  faults: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fault, { maxLength: 5 }) },
  ),
  forwardHours: fc.constantFrom(0, 0, 1, 25, 24 * 40),
  backHours: fc.constantFrom(0, 0, 1, 26),
  restart: fc.integer({ min: 0, max: 9 }).map((dice) => (['early', 'late'] as const)[dice] ?? 'never'),
});
