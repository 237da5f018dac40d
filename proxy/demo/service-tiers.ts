import type { Model, Tier } from './model-catalog.ts';
import type { Json } from './request-fields.ts';
import { optionalChoice } from './request-fields.ts';
import type { Call, Simulation } from './simulation.ts';

const TIERS = ['auto', 'default', 'flex', 'priority', 'fast', 'ultrafast', 'scale'] as const;

/** The tier that serves the call; throws OpenAiError for a name OpenAI does not know. */
export function serviceTier(body: Json, model: Model, call: Call, simulation: Simulation): Tier {
  const requested = optionalChoice(body, 'service_tier', TIERS);
  if (call.isBatched) return simulation.catalog.batchTier(model.row, simulation.now());
  return simulation.catalog.tier(model.row, call.answerAs.serviceTier ?? requested, simulation.now());
}

/** The tier of an endpoint that takes no wish. */
export function plainTier(model: Model, call: Call, simulation: Simulation): Tier {
  if (call.isBatched) return simulation.catalog.batchTier(model.row, simulation.now());
  return { name: 'default', permille: 1000 };
}
