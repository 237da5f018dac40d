import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openStreamMeter } from '../../../proxy/gateway/metering/stream-meter.ts';
import type { MeterKind } from '../../../proxy/gateway/route.ts';

/** A chat stream as OpenAI sends it when usage was asked for. */
const chunk = (content: string): object => ({
  id: 'chatcmpl-1',
  model: 'gpt-5.4-mini-2026-03-01',
  service_tier: 'default',
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
  usage: null,
});
const USAGE = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
const LAST = { id: 'chatcmpl-1', model: 'gpt-5.4-mini-2026-03-01', choices: [], usage: USAGE };

const TEXTS = ['Grüße', ' 🪙 "quoted" ', '{"usage":null}', 'a\nb', ',"usage":null}', ''];
const events = (objects: readonly object[], end: string): string =>
  [
    ...objects.map((object) => `data: ${JSON.stringify(object)}${end}${end}`),
    `data: [DONE]${end}${end}`,
  ].join('');
const withoutUsage = (object: object): object =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== 'usage'));

const cuts = fc.array(fc.nat(400), { maxLength: 12 });

function run(kind: MeterKind, hideUsage: boolean, text: string, at: readonly number[]) {
  const meter = openStreamMeter(kind, hideUsage);
  const bytes = Buffer.from(text);
  const places = [...new Set(at.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const out: Buffer[] = [];
  let from = 0;
  for (const place of [...places, bytes.length]) {
    out.push(Buffer.from(meter.push(bytes.subarray(from, place))));
    from = place;
  }
  out.push(meter.end());
  return { text: Buffer.concat(out).toString(), result: meter.result(), visible: meter.visibleTokens };
}

const chat = fc.array(fc.constantFrom(...TEXTS), { minLength: 1, maxLength: 6 });

test.each([['\n'], ['\r\n'], ['\r']])(
  'A43 usage that was asked for is read and taken out again (%j)',
  (end) => {
    fc.assert(
      fc.property(chat, cuts, (texts, at) => {
        const asked = events([...texts.map(chunk), LAST], end);
        const plain = events(texts.map(chunk).map(withoutUsage), end);
        const { text, result } = run('chat', true, asked, at);
        expect(text).toBe(plain);
        expect(result).toMatchObject({
          kind: 'usage',
          parts: [{ usage: { inputTokens: 11, outputTokens: 7 } }],
        });
      }),
    );
  },
);

test('A43 a stream whose client asked for usage passes byte for byte', () => {
  fc.assert(
    fc.property(chat, cuts, (texts, at) => {
      const asked = events([...texts.map(chunk), LAST], '\n');
      const { text, result } = run('chat', false, asked, at);
      expect(text).toBe(asked);
      expect(result).toMatchObject({
        kind: 'usage',
        parts: [{ usage: { inputTokens: 11, outputTokens: 7 } }],
      });
    }),
  );
});

test('whatever comes, nothing of it is lost or added but usage', () => {
  const noise = fc.stringMatching(/^[a-z:\r\n {}",[\]0-9]{0,200}$/);
  fc.assert(
    fc.property(noise, cuts, (text, at) => {
      expect(run('responses', false, text, at).text).toBe(text);
      expect(run('chat', false, text, at).text).toBe(text);
    }),
  );
});

test('A43 the last event of a response is read wherever it is cut', () => {
  const usage = { input_tokens: 5, output_tokens: 3, total_tokens: 8 };
  const text = [
    { type: 'response.created', response: { model: 'gpt-5.4', usage: null } },
    { type: 'response.output_text.delta', delta: 'usage: "none" 🪙' },
    { type: 'response.completed', response: { model: 'gpt-5.4', service_tier: 'flex', usage } },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
  fc.assert(
    fc.property(cuts, (at) => {
      const { result } = run('responses', false, text, at);
      expect(result).toMatchObject({
        kind: 'usage',
        serviceTier: 'flex',
        parts: [{ model: 'gpt-5.4', usage: { inputTokens: 5, outputTokens: 3 } }],
      });
    }),
  );
});

test('A43 a stream without usage is missing it, and shows what the client saw', () => {
  const { result, visible } = run('chat', false, events([chunk('hello')].map(withoutUsage), '\n'), [9, 40]);
  expect(result.kind).toBe('missing');
  expect(visible).toBeGreaterThanOrEqual('hello'.length);
});

test('A43 of two usages the dearer one counts', () => {
  const twice = [LAST, { ...LAST, usage: { ...USAGE, completion_tokens: 700, total_tokens: 711 } }, LAST];
  const { result } = run('chat', true, events(twice, '\n'), []);
  expect(result).toMatchObject({ kind: 'usage', parts: [{ usage: { outputTokens: 700 } }] });
});

test('A43 an event without end is passed on and not kept', () => {
  const meter = openStreamMeter('responses', false);
  const megabyte = Buffer.alloc(1024 * 1024, 0x61);
  let passed = meter.push(Buffer.from('data: ')).length;
  for (let index = 0; index < 24; index += 1) passed += meter.push(megabyte).length;
  expect(passed).toBe(6 + 24 * megabyte.length);
  expect(meter.result().kind).toBe('missing');
});
