import type { OverlayRow, PriceOverlay } from './price-overlay.ts';
import type { SeedModel } from './read-seed.ts';

const SNAPSHOT = /^(.+)-\d{4}-\d{2}-\d{2}$/;

/** One row of the book to be: what people wrote, what genai-prices knows, and every name it answers to. */
export interface Claim {
  readonly row: OverlayRow;
  readonly seed: SeedModel | undefined;
  readonly names: string[];
}

/**
 * Pairs each row of the overlay with its entry of the seed and shares out the names, the model first.
 * Pushes a sentence for each entry that is neither used nor dropped and each name that two rows have.
 */
export function claimNames(
  overlay: PriceOverlay,
  seed: ReadonlyMap<string, SeedModel>,
  problems: string[],
): Claim[] {
  const claims = claimSeeds(overlay, seed, problems);
  giveRemainingNames(claims, seed, problems);
  checkNames(claims, problems);
  return claims;
}

function claimSeeds(
  overlay: PriceOverlay,
  seed: ReadonlyMap<string, SeedModel>,
  problems: string[],
): Claim[] {
  const unused = new Set(seed.keys());
  for (const { seed: id } of overlay.drop) {
    if (!unused.delete(id)) problems.push(`The overlay drops ${id}, which genai-prices does not have.`);
  }
  const claims: Claim[] = [];
  for (const row of overlay.rows) {
    const id = row.seed ?? row.model;
    const model = seed.get(id);
    if (row.seed !== undefined && !model) problems.push(`${row.model}: genai-prices has no entry ${id}.`);
    if (overlay.drop.some((dropped) => dropped.seed === id)) problems.push(`${row.model}: ${id} is dropped.`);
    unused.delete(id);
    claims.push({ row, seed: model, names: [row.model, ...(row.aliases ?? [])] });
  }
  for (const id of unused) problems.push(`genai-prices has ${id}; the overlay neither uses nor drops it.`);
  return claims;
}

/** The names of an entry that no row took by name go to the row of its id, or to its only row. */
function giveRemainingNames(
  claims: readonly Claim[],
  seed: ReadonlyMap<string, SeedModel>,
  problems: string[],
): void {
  const taken = new Set(claims.flatMap(({ names }) => names));
  for (const model of seed.values()) {
    const rows = claims.filter((claim) => claim.seed === model);
    if (rows.length === 0) continue;
    const rest = model.names.filter((name) => !taken.has(name));
    const heir = rows.find(({ row }) => row.model === model.id) ?? (rows.length === 1 ? rows[0] : undefined);
    if (!heir) {
      problems.push(`Several rows take ${model.id} and none of them is called so.`);
      continue;
    }
    heir.names.push(...rest.filter((name) => !SNAPSHOT.test(name)));
    // A dated snapshot needs no alias where the price book finds it by the name before the date.
    const found = new Set(rows.flatMap(({ names }) => names));
    heir.names.push(
      ...rest.filter((name) => SNAPSHOT.test(name) && !found.has(SNAPSHOT.exec(name)?.[1] ?? '')),
    );
  }
}

function checkNames(claims: readonly Claim[], problems: string[]): void {
  const owners = new Map<string, string>();
  for (const { row, names } of claims) {
    for (const name of names) {
      const owner = owners.get(name);
      if (owner !== undefined) problems.push(`${name} is a name of ${owner} and of ${row.model}.`);
      owners.set(name, row.model);
    }
  }
}
