import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MeterKind } from '../../../proxy/gateway/route.ts';
import { cutAt } from './cut-chunks.ts';
import { measure, runMeter } from './run-meter.ts';

const chunkOf = (choice: object): string => `data: ${JSON.stringify({ model: 'm', choices: [choice] })}\n\n`;

const SHOWN: readonly (readonly [MeterKind, string, (text: string) => string])[] = [
  ['chat', 'content', (content) => chunkOf({ delta: { content } })],
  ['chat', 'a refusal', (refusal) => chunkOf({ delta: { refusal } })],
  [
    'chat',
    'arguments of a function',
    (text) => chunkOf({ delta: { tool_calls: [{ index: 0, function: { arguments: text } }] } }),
  ],
  ['completions', 'text', (text) => chunkOf({ text })],
  [
    'responses',
    'a delta',
    (delta) => `data: ${JSON.stringify({ type: 'response.output_text.delta', delta })}\n\n`,
  ],
];

/** No token is shorter than a byte, so the bytes of the texts bound the tokens from above. */
test.each(SHOWN)('A42 %s: of %s at least every byte counts', (kind, _name, eventOf) => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 8 }),
      fc.array(fc.nat(2_000)),
      (texts, cuts) => {
        const bytes = Buffer.from(texts.map(eventOf).join(''));
        const least = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
        const { visibleTokens } = runMeter(kind, false, cutAt(bytes, cuts));
        expect(visibleTokens).toBeGreaterThanOrEqual(least);
        expect(visibleTokens).toBe(measure(kind, bytes.toString()).visibleTokens);
      },
    ),
  );
});

test('what is not a text of the answer counts for nothing', () => {
  const text = chunkOf({ delta: { role: 'assistant', content: null }, finish_reason: null });
  expect(measure('chat', text).visibleTokens).toBe(0);
});
