import { expect, test } from 'vitest';
import type { PriceBookData } from '../../../proxy/contract/prices.ts';
import { PLAIN_FACTS, PLAIN_WORST } from '../../../proxy/gateway/inspect/request-facts.ts';
import { chargeAnswer, settlingFacts } from '../../../proxy/gateway/settlement.ts';
import priceBook from '../../../proxy/pricing/price-book.json' with { type: 'json' };
import { PriceBook } from '../../../proxy/pricing/price-book.ts';
import { usageOf } from '../../../proxy/pricing/usage.ts';

const book = new PriceBook(priceBook as PriceBookData);

function costWith(webSearchCalls: number): number | null {
  const row = book.find('gpt-5.4');
  const worst = { ...PLAIN_WORST, tools: { ...PLAIN_WORST.tools, webSearchCalls } };
  const usage = usageOf({ inputTokens: 10, outputTokens: 10 });
  return chargeAnswer(
    {
      kind: 'usage',
      parts: [{ model: 'gpt-5.4', usage }],
      tools: PLAIN_WORST.tools,
      pictures: null,
      serviceTier: null,
    },
    settlingFacts({ ...PLAIN_FACTS, model: 'gpt-5.4', worst }),
    { nanoUsd: 1_000_000_000, inputTokens: 10, outputTokens: 10 },
    row,
    book,
    '2026-11-24',
  ).costNanoUsd;
}

test('A50 a chat that asked for a search pays for it, though its answer does not tell', () => {
  expect((costWith(1) ?? 0) - (costWith(0) ?? 0)).toBe(priceBook.tools.webSearchCall);
});
