import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../proxy/contract/app-policy.ts';
import type { PriceBookData, PriceRow } from '../../../proxy/contract/prices.ts';
import { boundRequest } from '../../../proxy/gateway/bound-request.ts';
import { PLAIN_FACTS, PLAIN_WORST } from '../../../proxy/gateway/inspect/request-facts.ts';
import { chargeAnswer, settlingFacts } from '../../../proxy/gateway/settlement.ts';
import priceBook from '../../../proxy/pricing/price-book.json' with { type: 'json' };
import { PriceBook } from '../../../proxy/pricing/price-book.ts';
import { usageOf } from '../../../proxy/pricing/usage.ts';

const book = new PriceBook(priceBook as PriceBookData);
const DATE = '2026-11-24';
const TEXT_MODELS = book
  .rows()
  .filter((row) => row.rates.input !== undefined && row.rates.output !== undefined);
const TIERS = ['auto', 'default', 'flex', 'priority', 'fast', 'ultrafast', 'scale', null] as const;

const share = fc.double({ min: 0, max: 1, noNaN: true });
const request = fc.record({
  row: fc.constantFrom(...TEXT_MODELS),
  inputTokens: fc.integer({ min: 1, max: 1_500_000 }),
  maximum: fc.integer({ min: 0, max: 200_000 }),
  choices: fc.integer({ min: 1, max: 8 }),
  requestedTier: fc.constantFrom(...TIERS),
  servedTier: fc.constantFrom(...TIERS),
  input: share,
  cached: share,
  written: share,
  output: share,
  reasoning: share,
});

/** Which tiers an answer may name for a requested one; a project's setting stands behind `auto`. */
function mayServe(requested: string | null, served: string | null): boolean {
  if (served === null || served === 'default' || requested === served) return true;
  if (requested === 'fast' || requested === 'priority') return served === 'priority' || served === 'fast';
  return requested === null || requested === 'auto' ? served !== 'ultrafast' : false;
}

test('I1 whatever a request uses within its maxima, at whatever tier it may get, costs no more than its bound', () => {
  fc.assert(
    fc.property(request, (each) => {
      fc.pre(mayServe(each.requestedTier, each.servedTier));
      const { row } = each;
      const facts = {
        ...PLAIN_FACTS,
        model: row.model,
        isOnePrompt: true,
        clientMaxOutput: each.maximum,
        maxOutputField: 'max_output_tokens',
        worst: {
          ...PLAIN_WORST,
          inputTokens: each.inputTokens,
          choices: each.choices,
          requestedTier: each.requestedTier,
        },
      };
      const { bound } = boundRequest(facts, row, book, DEFAULT_POLICY, DATE);
      const held = bound.costNanoUsd(bound.outputTokens);
      if (held === null) throw new Error('a priced model has no bound');
      const inputTokens = Math.floor(Math.min(each.inputTokens, row.contextTokens) * each.input);
      const cachedInputTokens = Math.floor(inputTokens * each.cached);
      const outputTokens = Math.floor(bound.outputTokens * each.choices * each.output);
      const usage = usageOf({
        inputTokens,
        cachedInputTokens,
        cacheWrite12hTokens: Math.floor((inputTokens - cachedInputTokens) * each.written),
        outputTokens,
        reasoningTokens: Math.floor(outputTokens * each.reasoning),
      });
      fc.pre(inputTokens + outputTokens > 0);
      const { costNanoUsd } = chargeAnswer(
        {
          kind: 'usage',
          parts: [{ model: row.model, usage }],
          tools: PLAIN_WORST.tools,
          pictures: null,
          serviceTier: each.servedTier,
        },
        settlingFacts(facts),
        { nanoUsd: held, inputTokens: bound.inputTokens, outputTokens: bound.outputTokens },
        row,
        book,
        DATE,
      );
      expect(costNanoUsd).not.toBeNull();
      expect(costNanoUsd).toBeLessThanOrEqual(held);
    }),
    { numRuns: 3_000 },
  );
});

test('the bound never falls as the answer may grow', () => {
  const row = book.find('gpt-5.4') as PriceRow;
  const tokens = fc.integer({ min: 0, max: 128_000 });
  fc.assert(
    fc.property(tokens, tokens, fc.integer({ min: 1, max: 1_000_000 }), (one, other, inputTokens) => {
      const facts = { ...PLAIN_FACTS, model: row.model, worst: { ...PLAIN_WORST, inputTokens } };
      const { bound } = boundRequest(facts, row, book, DEFAULT_POLICY, DATE);
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      expect(bound.costNanoUsd(less) ?? 0).toBeLessThanOrEqual(bound.costNanoUsd(more) ?? 0);
    }),
  );
});
