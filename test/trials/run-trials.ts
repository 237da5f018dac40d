/**
 * `npm run trials -- [COUNT] [SEED]`: random bursts, aborts, faults, restarts and clock moves against caps,
 * with the simulated OpenAI's bill as the truth. Prints every broken promise with the seed that repeats it.
 */
import fc from 'fast-check';
import { TrialEngine } from './trial-engine.ts';
import { type TrialPlan, trialPlan } from './trial-plan.ts';

const count = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const engine = await TrialEngine.open();
let requests = 0;
let billed = 0;
let booked = 0;
let crossed = 0;
let broken = 0;
let trial = 0;
for (const plan of fc.sample(trialPlan, { numRuns: count, seed })) {
  trial += 1;
  const result = await engine.run(plan);
  requests += result.requests;
  billed += result.billed;
  booked += result.booked;
  crossed += result.crossed ? 1 : 0;
  if (result.broken.length > 0) {
    broken += 1;
    process.stdout.write(`trial ${trial} of seed ${seed}: ${result.broken.join('; ')}\n`);
    process.stdout.write(`  ${describe(plan)}\n`);
  }
  if (trial % 500 === 0) process.stdout.write(`${trial} trials, ${requests} requests, ${broken} broken\n`);
}
await engine.close();
process.stdout.write(
  `${count} trials, ${requests} requests (seed ${seed}): billed ${billed}, booked ${booked} nano-dollars; ` +
    `${crossed} crossed the end of their window; ${broken} broke a promise\n`,
);
process.exitCode = broken === 0 ? 0 : 1;

/** The plan without its prompts. */
function describe(plan: TrialPlan): string {
  return JSON.stringify(plan, (key, value: unknown) =>
    key === 'messages' || key === 'input' ? `${JSON.stringify(value).length} bytes` : value,
  );
}
