import type { PriceBookData, PriceRow, ToolFees } from '../contract/prices.ts';

export type ModelKind =
  | 'chat'
  | 'completion'
  | 'embedding'
  | 'image'
  | 'speech'
  | 'transcription'
  | 'moderation'
  | 'realtime';

export interface Model {
  /** As the answer names it: often a dated snapshot of what was asked for. */
  readonly answersAs: string;
  readonly kind: ModelKind;
  /** Thinks before it answers, and bills the hidden tokens as output. */
  readonly reasons: boolean;
  readonly row: PriceRow;
}

export interface Tier {
  /** As the answer names it. */
  readonly name: string;
  readonly permille: number;
}

export interface ModelCatalog {
  readonly fees: ToolFees;
  readonly names: readonly string[];
  /** Null for a model that is not in the price book: the simulation does not have it either. */
  find(name: string): Model | null;
  /** The tier a request gets: `fast` is `priority`, and a tier that the model lacks falls back to `default`. */
  tier(row: PriceRow, requested: string | null, at: number): Tier;
  /** What a line of a batch gets: answers call it `default`, and half the price is the rule. */
  batchTier(row: PriceRow, at: number): Tier;
}

/** Aliases that OpenAI answers with a dated name. */
const SNAPSHOTS: Readonly<Record<string, string>> = {
  'gpt-4o': 'gpt-4o-2024-08-06',
  'gpt-4o-mini': 'gpt-4o-mini-2024-07-18',
  'gpt-4.1': 'gpt-4.1-2025-04-14',
  'gpt-4.1-mini': 'gpt-4.1-mini-2025-04-14',
  o3: 'o3-2025-04-16',
  'gpt-5': 'gpt-5-2025-08-07',
  'gpt-5-mini': 'gpt-5-mini-2025-08-07',
  'gpt-5-nano': 'gpt-5-nano-2025-08-07',
  'gpt-5.1': 'gpt-5.1-2025-11-13',
  'gpt-5.2': 'gpt-5.2-2025-12-11',
  'gpt-5.4-mini': 'gpt-5.4-mini-2026-03-17',
  'gpt-5.4-nano': 'gpt-5.4-nano-2026-03-17',
  'gpt-5.5': 'gpt-5.5-2026-04-23',
  'gpt-5.5-pro': 'gpt-5.5-pro-2026-04-23',
};

const MODERATION_MODELS: Readonly<Record<string, string>> = {
  'omni-moderation-latest': 'omni-moderation-2024-09-26',
  'omni-moderation-2024-09-26': 'omni-moderation-2024-09-26',
  'text-moderation-latest': 'text-moderation-007',
  'text-moderation-stable': 'text-moderation-007',
};

const DEFAULT_BATCH_PERMILLE = 500;
const FREE_ROW = { rates: {}, contextTokens: 32_768, maxOutputTokens: 0, source: 'free', asOf: '2026-11-23' };

export function createModelCatalog(prices: PriceBookData): ModelCatalog {
  const rows = new Map<string, PriceRow>();
  for (const row of prices.models) {
    for (const name of [row.model, ...(row.aliases ?? [])]) rows.set(name, row);
  }
  const rowOf = (name: string): PriceRow | undefined =>
    rows.get(name) ?? rows.get(name.replace(/-\d{4}-\d{2}-\d{2}$/, ''));
  const found = new Map<string, Model>();

  const look = (name: string): Model | null => {
    const moderation = Object.hasOwn(MODERATION_MODELS, name) ? MODERATION_MODELS[name] : undefined;
    if (moderation !== undefined) {
      return { answersAs: moderation, kind: 'moderation', reasons: false, row: { ...FREE_ROW, model: name } };
    }
    const row = rowOf(name);
    if (!row) return null;
    const dated = Object.hasOwn(SNAPSHOTS, name) ? SNAPSHOTS[name] : undefined;
    const answersAs = dated !== undefined && rowOf(dated) === row ? dated : name;
    return { answersAs, kind: kindOf(row.model), reasons: /^(o\d|gpt-[5-9])(?!.*chat)/.test(row.model), row };
  };

  return {
    fees: prices.tools,
    names: [...new Set([...rows.keys(), ...Object.keys(MODERATION_MODELS)])],
    find: (name) => {
      const known = found.get(name);
      if (known) return known;
      const model = look(name);
      if (model && found.size < 1000) found.set(name, model);
      return model;
    },
    tier: (row, requested, at) => {
      const name = requested === 'fast' ? 'priority' : requested;
      if (name !== 'flex' && name !== 'priority' && name !== 'ultrafast')
        return { name: 'default', permille: 1000 };
      const permille = tierPermille(row, name, at);
      return permille === null ? { name: 'default', permille: 1000 } : { name, permille };
    },
    batchTier: (row, at) => ({
      name: 'default',
      permille: tierPermille(row, 'batch', at) ?? DEFAULT_BATCH_PERMILLE,
    }),
  };
}

/** The factor that applies on that day; null for a tier the row does not name. */
function tierPermille(row: PriceRow, name: keyof NonNullable<PriceRow['tiers']>, at: number): number | null {
  const day = new Date(at).toISOString().slice(0, 10);
  let best: { from: string; permille: number } | null = null;
  for (const { from = '', permille } of row.tiers?.[name] ?? []) {
    if (from <= day && (best === null || from >= best.from)) best = { from, permille };
  }
  return best?.permille ?? null;
}

function kindOf(model: string): ModelKind {
  if (/embedding/.test(model)) return 'embedding';
  if (/image|dall-e/.test(model)) return 'image';
  if (/tts/.test(model)) return 'speech';
  if (/realtime|gpt-live/.test(model)) return 'realtime';
  if (/transcri|whisper/.test(model)) return 'transcription';
  if (/instruct|davinci|babbage|^(ada|curie)$/.test(model)) return 'completion';
  return 'chat';
}
