import type { Situation } from './scene.ts';
import { BUDGET_SITUATIONS } from './situations-of-budgets.ts';
import { POLICY_SITUATIONS } from './situations-of-policy.ts';
import { REQUEST_SITUATIONS } from './situations-of-requests.ts';
import { ENGINE_SITUATIONS } from './situations-of-the-engine.ts';

/** Every way into a refusal that clients are tried in, in the order of the page. */
export const SITUATIONS: readonly Situation[] = [
  ...BUDGET_SITUATIONS,
  ...POLICY_SITUATIONS,
  ...REQUEST_SITUATIONS,
  ...ENGINE_SITUATIONS,
];
