import { type PriceBookData, priceBookSchema } from '../../proxy/contract/prices.ts';
import { buildRow, nanoUsd } from './build-row.ts';
import { claimNames } from './claim-names.ts';
import type { PriceOverlay } from './price-overlay.ts';
import type { SeedModel } from './read-seed.ts';

/**
 * Merges the overlay over the seed. Throws, with one sentence for each problem, where an entry of the seed
 * is neither used nor dropped, a name is taken twice, or the overlay departs from the seed without a note.
 */
export function assemblePriceBook(
  overlay: PriceOverlay,
  seed: ReadonlyMap<string, SeedModel>,
  date: string,
): PriceBookData {
  const problems: string[] = [];
  const claims = claimNames(overlay, seed, problems);
  checkToolFees(overlay, seed, problems);
  const models = claims
    .map((claim) => buildRow(overlay, claim, problems))
    .sort((a, b) => (a.model < b.model ? -1 : 1));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const tools = {
    webSearchCall: nanoUsd(overlay.tools.webSearchCall),
    fileSearchCall: nanoUsd(overlay.tools.fileSearchCall),
    containerSession: nanoUsd(overlay.tools.containerSession),
  };
  return priceBookSchema.parse({ asOf: date, models, tools });
}

function checkToolFees(
  overlay: PriceOverlay,
  seed: ReadonlyMap<string, SeedModel>,
  problems: string[],
): void {
  for (const fee of ['webSearchCall', 'fileSearchCall'] as const) {
    for (const model of seed.values()) {
      const own = model[fee];
      if (own === undefined || own === nanoUsd(overlay.tools[fee])) continue;
      problems.push(`${model.id} has a ${fee} fee of its own.`);
    }
  }
}
