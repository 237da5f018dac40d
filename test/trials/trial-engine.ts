import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { problemOf } from '../../proxy/contract/errors.ts';
import { demoPrices } from '../../proxy/demo/demo-prices.ts';
import { openSimulatedOpenAi, type SimulatedOpenAi } from '../../proxy/demo/simulated-openai.ts';
import { CANARY_KEY, openTollgate, type Tollgate } from '../helpers/open-tollgate.ts';
import { until } from '../helpers/until.ts';
import { visitTollgate } from './trial-client.ts';
import type { TrialPlan } from './trial-plan.ts';

const HOUR_MS = 3_600_000;
const SETTLING_MS = 30_000;
const POLLING = { response: { firstMs: 20, mostMs: 100 }, batch: { firstMs: 20, mostMs: 100 } };

export interface TrialResult {
  /** What OpenAI billed in this trial, and what the ledger has booked for it, in nano-dollars. */
  readonly billed: number;
  readonly booked: number;
  readonly cap: number;
  /** What broke a promise; empty when all were kept. */
  readonly broken: readonly string[];
  readonly requests: number;
  /** Whether the window of the cap has ended amid the trial: each of the two may then be filled. */
  readonly crossed: boolean;
}

/** One engine and one OpenAI for many trials, each with an app and a cap of its own; close it. */
export class TrialEngine {
  readonly #dataDir: string;
  readonly #openai: SimulatedOpenAi;
  readonly #clock: { offsetMs: number };
  #tollgate: Tollgate;
  #count = 0;

  private constructor(
    dataDir: string,
    openai: SimulatedOpenAi,
    clock: { offsetMs: number },
    tollgate: Tollgate,
  ) {
    this.#dataDir = dataDir;
    this.#openai = openai;
    this.#clock = clock;
    this.#tollgate = tollgate;
  }

  static async open(): Promise<TrialEngine> {
    const dataDir = await mkdtemp(join(tmpdir(), 'tollgate-trials-'));
    const openai = await openSimulatedOpenAi({
      key: CANARY_KEY,
      prices: demoPrices,
      tokensPerSecond: 4_000,
      firstTokenMs: 2,
      outputTokens: { min: 5, max: 120 },
      batchMs: 20,
    });
    const clock = { offsetMs: 0 };
    return new TrialEngine(dataDir, openai, clock, await start(dataDir, openai, clock));
  }

  async close(): Promise<void> {
    await this.#tollgate.close();
    await this.#openai.close();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  async run(plan: TrialPlan): Promise<TrialResult> {
    this.#clock.offsetMs += plan.forwardHours * HOUR_MS;
    this.#count += 1;
    const app = `trial-${this.#count}`;
    this.#openai.bill.reset();
    this.#openai.faults.clear();
    const { token } = await this.#tollgate.client.apps.create({
      name: app,
      policy: { allow: ['files', 'batches'] },
      limits: [{ metric: 'usd', amount: plan.cap, window: plan.window, enforce: 'hard' }],
    });
    const windowEnds = await this.#windowEnds(app);
    for (const fault of plan.faults) this.#openai.faults.add({ fault });
    await this.#send(token ?? '', plan);
    // What goes on at OpenAI is taken over by the next engine.
    if (plan.restart === 'early') await this.#reopen();
    const unsettled = await this.#untilSettled();
    const crossed = (await this.#windowEnds(app)) !== windowEnds;
    let broken = await this.#check(app, plan, windowEnds);
    if (broken.length > 0) {
      // A request whose client left at once may have arrived while it was looked: what is broken stays so.
      await this.#untilSettled();
      broken = await this.#check(app, plan, windowEnds);
    }
    if (unsettled !== null) broken.push(`not settled: ${unsettled}`);
    if (plan.restart === 'late') broken.push(...(await this.#restart(app)));
    const { total } = await this.#tollgate.client.usage.report({ by: 'app', app, since: '2000-01-01' });
    return {
      broken,
      cap: plan.cap,
      billed: this.#openai.bill.totalNanoUsd(),
      booked: total.costNanoUsd,
      requests: total.requests,
      crossed,
    };
  }

  async #send(token: string, plan: TrialPlan): Promise<void> {
    const sent: Promise<void>[] = [];
    for (const [index, visit] of plan.visits.entries()) {
      if (index === Math.ceil(plan.visits.length / 2)) this.#clock.offsetMs -= plan.backHours * HOUR_MS;
      if (visit.waitMs > 0) await new Promise((resolve) => setTimeout(resolve, visit.waitMs));
      sent.push(visitTollgate(this.#tollgate, token, visit));
    }
    await Promise.all(sent);
  }

  /** Resolves to what has kept it from settling, or null. */
  async #untilSettled(): Promise<string | null> {
    const isIdle = async (): Promise<boolean> => {
      const { inFlight, waiting } = await this.#tollgate.client.engine.status();
      const { holds } = await this.#tollgate.client.engine.holds();
      // OpenAI notices a cut a moment after the proxy has made it, and bills it in the turn after that.
      return inFlight === 0 && waiting === 0 && holds.length === 0 && this.#openai.openCalls === 0;
    };
    try {
      await until(isIdle, SETTLING_MS);
      return null;
    } catch (error) {
      return problemOf(error);
    } finally {
      await nextTurn();
    }
  }

  async #windowEnds(app: string): Promise<string | null> {
    const { limits } = await this.#tollgate.client.apps.get({ app });
    return limits[0]?.resetsAt ?? null;
  }

  async #check(app: string, plan: TrialPlan, windowEnds: string | null): Promise<string[]> {
    const broken: string[] = [];
    const { client, engine } = this.#tollgate;
    const billed = this.#openai.bill.totalNanoUsd();
    const { total } = await client.usage.report({ by: 'app', app, since: '2000-01-01' });
    const { limits } = await client.apps.get({ app });
    const crossed = (limits[0]?.resetsAt ?? null) !== windowEnds;
    const cap = crossed ? 2 * plan.cap : plan.cap;
    const { requests } = await client.requests.list({ app, limit: 1_000 });
    const isCalm =
      plan.faults.length === 0 &&
      plan.restart !== 'early' &&
      plan.visits.every(({ leave }) => leave.kind === 'stays');
    if (billed > cap) broken.push(`OpenAI billed ${billed} above the cap of ${cap}`);
    if (total.costNanoUsd < billed) broken.push(`booked ${total.costNanoUsd}, billed ${billed}`);
    if (isCalm && total.costNanoUsd !== billed) broken.push(`booked ${total.costNanoUsd}, not ${billed}`);
    if (total.costNanoUsd > cap) broken.push(`booked ${total.costNanoUsd} above the cap of ${cap}`);
    if (engine.control.accountant.openHolds !== 0) broken.push('a hold was left open');
    if (limits.some(({ held }) => held !== 0)) broken.push('something is still held');
    if (!crossed && limits.some(({ settled }) => settled !== total.costNanoUsd)) {
      broken.push('counter and ledger differ');
    }
    if (requests.some(({ outcome }) => outcome === 'open')) broken.push('a request is still open');
    const rows = requests.reduce((sum, row) => sum + (row.costNanoUsd ?? 0), 0);
    if (rows !== total.costNanoUsd) broken.push(`rows add up to ${rows}, the report to ${total.costNanoUsd}`);
    return broken;
  }

  async #reopen(): Promise<void> {
    await this.#tollgate.close();
    this.#tollgate = await start(this.#dataDir, this.#openai, this.#clock);
  }

  async #restart(app: string): Promise<string[]> {
    const before = await this.#tollgate.client.apps.get({ app });
    await this.#reopen();
    const after = await this.#tollgate.client.apps.get({ app });
    if (before.limits[0]?.resetsAt !== after.limits[0]?.resetsAt) return [];
    const settledOf = ({ limits }: typeof after): readonly number[] => limits.map(({ settled }) => settled);
    return settledOf(before).join() === settledOf(after).join() ? [] : ['a restart changed what was spent'];
  }
}

function start(
  dataDir: string,
  upstream: SimulatedOpenAi,
  clock: { readonly offsetMs: number },
): Promise<Tollgate> {
  return openTollgate({
    dataDir,
    upstream,
    now: () => Date.now() + clock.offsetMs,
    config: { queueMs: 300, logLevel: 'silent', latePolling: POLLING },
  });
}
