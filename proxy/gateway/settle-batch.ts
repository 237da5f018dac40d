import type { PriceRow } from '../contract/prices.ts';
import { costOfTools, nanoUsdOfUsage, roundUpNanoUsd } from '../pricing/cost.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { batchPermille } from '../pricing/service-tier.ts';
import { NO_TOOL_CALLS, NO_USAGE, type Usage } from '../pricing/usage.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import { LineSplitter } from './metering/line-splitter.ts';
import { meteredFromAnswer, parseOrNull } from './metering/metered-answer.ts';
import { isJsonObject } from './metering/usage-shapes.ts';
import { askAbout, heldOf, type LateObject, type LateOutcome, rowOf } from './settle-late.ts';
import { type Charge, chargeBound, chargeNothing } from './settlement.ts';

type Json = Readonly<Record<string, unknown>>;

const UNDERWAY = new Set(['validating', 'in_progress', 'finalizing', 'cancelling']);
/** A line is one answer; longer ones are not read. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;

/**
 * Asks OpenAI how far a batch is. When it has ended, its output file says what each line has used, by
 * model; OpenAI bills every line by itself.
 */
export async function settleBatch(deps: GatewayDeps, late: LateObject): Promise<LateOutcome> {
  const { status, body } = await askAbout(deps, `/batches/${late.objectId}`);
  if (status === 404) return 'missing';
  const batch = status < 300 ? parseOrNull(body.toString('utf8')) : null;
  if (!isJsonObject(batch) || UNDERWAY.has(String(batch['status']))) return null;
  announceFiles(deps, late, batch);
  // It did not pass OpenAI's look at its file: nothing has run.
  if (batch['status'] === 'failed') return chargeNothing('batch_failed');
  const outputFile = batch['output_file_id'];
  if (typeof outputFile !== 'string') {
    return hasRun(batch)
      ? chargeBound(heldOf(late), 'usage_missing')
      : chargeNothing('batch_without_answers');
  }
  const lines = new BatchLines(deps, late);
  const splitter = new LineSplitter(MAX_LINE_BYTES, (line) => lines.read(line));
  const answer = await askAbout(deps, `/files/${outputFile}/content`, (chunk) => splitter.push(chunk));
  if (answer.status >= 500 || answer.status === 429 || answer.status === 401) return null;
  if (answer.status >= 300 || !splitter.end()) return chargeBound(heldOf(late), 'usage_missing');
  return lines.charge(batch) ?? chargeBound(heldOf(late), 'usage_bad');
}

/** Whether any line has, as far as the batch says. */
function hasRun(batch: Json): boolean {
  const { usage } = batch;
  return countsOf(batch)['completed'] !== 0 || (isJsonObject(usage) && usage['total_tokens'] !== 0);
}

function countsOf(batch: Json): Json {
  return isJsonObject(batch['request_counts']) ? batch['request_counts'] : {};
}

/** The files that a batch has written belong to the app that has made it. */
export function announceFiles(
  { objects, accountant, now }: GatewayDeps,
  { app }: Pick<LateObject, 'app'>,
  batch: Json,
): void {
  const atMs = accountant.tick(now());
  for (const name of ['output_file_id', 'error_file_id']) {
    const id = batch[name];
    if (typeof id === 'string' && id !== '') objects.announce({ id, kind: 'file', appNum: app.num, atMs });
  }
}

class BatchLines {
  readonly #book: PriceBook;
  readonly #date: string;
  /** Of lines whose model has no price; null where the batch was let through without one. */
  readonly #otherwise: PriceRow | null;
  /** Lines that asked for a search, which their answers do not tell. */
  readonly #searches: number;
  #usage: Usage = NO_USAGE;
  /** Null once a line has no price. */
  #nanoUsd: number | null = 0;
  /** Lines with an answer, and those of them that cost something. */
  #answers = 0;
  #lines = 0;
  #models = new Set<string>();
  #isBad = false;

  constructor(deps: GatewayDeps, late: LateObject) {
    this.#book = deps.book;
    this.#date = deps.today();
    const isPriced = late.hold.boundNanoUsd !== null;
    this.#otherwise = isPriced ? (rowOf(deps, late) ?? deps.book.dearest()) : null;
    this.#searches = late.detail.settling.askedTools.webSearchCalls;
  }

  read(line: Buffer): void {
    if (line.length === 0) return;
    const parsed = parseOrNull(line.toString('utf8'));
    const response = isJsonObject(parsed) ? parsed['response'] : null;
    // A line that OpenAI has refused has cost nothing.
    if (isJsonObject(response) && Number(response['status_code']) >= 400) return;
    const body = isJsonObject(response) ? response['body'] : null;
    const metered = isJsonObject(body) ? meteredFromAnswer(body, 'text') : null;
    const [part] = metered?.kind === 'usage' ? metered.parts : [];
    // An answer that has used nothing at all is not one that OpenAI gives.
    if (part && part.usage.inputTokens + part.usage.outputTokens > 0) this.#add(part.model, part.usage);
    else if (!isFree(body)) this.#isBad = true;
    this.#answers += 1;
  }

  /** Null when a line did not say what it has used, or when there are fewer of them than OpenAI has counted. */
  charge(batch: Json): Charge | null {
    const completed = countsOf(batch)['completed'];
    if (this.#isBad || (typeof completed === 'number' && completed > this.#answers)) return null;
    const [only] = this.#models;
    const searches = Math.min(this.#searches, this.#lines);
    const fees = costOfTools(this.#book.tools, { ...NO_TOOL_CALLS, webSearchCalls: searches });
    return {
      outcome: 'settled',
      costNanoUsd: this.#nanoUsd === null ? null : this.#nanoUsd + roundUpNanoUsd(fees),
      usage: this.#usage,
      servedModel: this.#models.size === 1 ? (only ?? null) : null,
      serviceTier: 'batch',
      reason: null,
    };
  }

  #add(model: string | null, usage: Usage): void {
    this.#lines += 1;
    const row = (model === null ? null : this.#book.find(model)) ?? this.#otherwise;
    const cost = row && nanoUsdOfUsage(row, usage, batchPermille(row, this.#date));
    if (!row) this.#nanoUsd = null;
    else if (cost === null) this.#isBad = true;
    else if (this.#nanoUsd !== null) this.#nanoUsd += cost;
    if (model !== null) this.#models.add(model);
    this.#usage = {
      ...this.#usage,
      inputTokens: this.#usage.inputTokens + usage.inputTokens,
      cachedInputTokens: this.#usage.cachedInputTokens + usage.cachedInputTokens,
      outputTokens: this.#usage.outputTokens + usage.outputTokens,
      reasoningTokens: this.#usage.reasoningTokens + usage.reasoningTokens,
    };
  }
}

/** Moderations have no usage, and cost nothing. */
function isFree(body: unknown): boolean {
  return isJsonObject(body) && Array.isArray(body['results']);
}
