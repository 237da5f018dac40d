import type { PriceBookData, PriceRates, PriceRow, ToolFees } from '../contract/prices.ts';

/** What stands in for a model whose limits nobody has published: the largest of any current model. */
const UNKNOWN_CONTEXT_TOKENS = 1_100_000;
const UNKNOWN_MAX_OUTPUT_TOKENS = 128_000;

/** A price the user has set; it replaces the rates of a row, or makes a new one. */
export interface PriceOverride {
  readonly model: string;
  readonly rates: PriceRates;
  readonly contextTokens?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  /** The day (UTC) it was set. */
  readonly asOf: string;
}

/**
 * Finds the price of a model by exact name, alias, or dated snapshot (`NAME-2026-08-01`), the user's own
 * prices first. Fine-tuned models and anything else have no price until the user sets one.
 */
export class PriceBook {
  readonly asOf: string;
  readonly tools: ToolFees;
  readonly #rows = new Map<string, PriceRow>();
  readonly #base: readonly PriceRow[];
  #overrides: readonly PriceOverride[] = [];
  #dearest: PriceRow | null = null;

  constructor(data: PriceBookData, overrides: readonly PriceOverride[] = []) {
    this.asOf = data.asOf;
    this.tools = data.tools;
    this.#base = data.models;
    this.setOverrides(overrides);
  }

  setOverrides(overrides: readonly PriceOverride[]): void {
    this.#overrides = overrides;
    this.#rows.clear();
    this.#dearest = null;
    for (const row of this.#base) {
      for (const name of [row.model, ...(row.aliases ?? [])]) this.#rows.set(name, row);
    }
    for (const override of overrides) {
      const { model, rates, asOf } = override;
      const known = this.find(model);
      this.#rows.set(model, {
        ...(known ?? {}),
        model,
        rates: { ...known?.rates, ...rates },
        contextTokens: override.contextTokens ?? known?.contextTokens ?? UNKNOWN_CONTEXT_TOKENS,
        maxOutputTokens: override.maxOutputTokens ?? known?.maxOutputTokens ?? UNKNOWN_MAX_OUTPUT_TOKENS,
        source: 'set by you',
        asOf,
      });
    }
  }

  get overrides(): readonly PriceOverride[] {
    return this.#overrides;
  }

  find(model: string): PriceRow | null {
    const exact = this.#rows.get(model);
    if (exact) return exact;
    const snapshot = /^(.+)-\d{4}-\d{2}-\d{2}$/.exec(model);
    return (snapshot?.[1] && this.#rows.get(snapshot[1])) || null;
  }

  /** All rows by model name, each model once, the user's own instead of the one they replace. */
  rows(): PriceRow[] {
    const byModel = new Map<string, PriceRow>();
    for (const row of this.#base) byModel.set(row.model, row);
    for (const { model } of this.#overrides) {
      const row = this.#rows.get(model);
      if (row) byModel.set(model, row);
    }
    return [...byModel.values()].sort((a, b) => (a.model < b.model ? -1 : 1));
  }

  /** A row with the dearest known rate of each kind: what `unpriced: dearest` charges for a new model. */
  dearest(): PriceRow {
    if (this.#dearest) return this.#dearest;
    const rates: Record<string, number> = {};
    let contextTokens = UNKNOWN_CONTEXT_TOKENS;
    let maxOutputTokens = UNKNOWN_MAX_OUTPUT_TOKENS;
    for (const row of this.rows()) {
      contextTokens = Math.max(contextTokens, row.contextTokens);
      maxOutputTokens = Math.max(maxOutputTokens, row.maxOutputTokens);
      for (const [kind, value] of Object.entries(row.rates)) {
        if (typeof value === 'number') rates[kind] = Math.max(rates[kind] ?? 0, value);
      }
    }
    this.#dearest = {
      model: '(dearest)',
      rates: rates as PriceRates,
      contextTokens,
      maxOutputTokens,
      source: 'the dearest known rate of each kind',
      asOf: this.asOf,
    };
    return this.#dearest;
  }
}
