import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TrialEngine } from './trial-engine.ts';
import { trialPlan } from './trial-plan.ts';

let engine: TrialEngine;
beforeAll(async () => {
  engine = await TrialEngine.open();
});
afterAll(() => engine.close());

const TRIALS = 30;

test('no burst, abort, fault, restart or clock move gets past a cap', { timeout: 120_000 }, async () => {
  const seed = Date.now() % 1_000_000;
  for (const [index, plan] of fc.sample(trialPlan, { numRuns: TRIALS, seed }).entries()) {
    const { broken } = await engine.run(plan);
    expect(broken, `trial ${index + 1} of \`npm run trials -- ${TRIALS} ${seed}\``).toEqual([]);
  }
});
