import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SseEvent, SseSplitter } from '../../../proxy/gateway/metering/sse-splitter.ts';
import { anyCuts, cutAt, singleBytes } from './cut-chunks.ts';

const MAX_BYTES = 1_000_000;

/** The data of each event, by the letter of WHATWG HTML 9.2.6, of a stream that is there as a whole. */
function dataByTheLetter(text: string): string[] {
  const events: string[] = [];
  let data: string[] = [];
  const dispatch = (): void => {
    if (data.length > 0) events.push(data.join('\n'));
    data = [];
  };
  for (const line of text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []) {
    const content = line.replace(/[\r\n]+$/, '');
    if (content === '') dispatch();
    else if (content.startsWith('data:')) data.push(content.slice(5).replace(/^ /, ''));
  }
  dispatch();
  return events;
}

function split(chunks: readonly Buffer[]): { raw: string; data: string[] } {
  const splitter = new SseSplitter(MAX_BYTES);
  const events: SseEvent[] = [];
  for (const chunk of chunks) {
    const pushed = splitter.push(chunk);
    if (pushed === 'overflow') throw new Error('an event was too large');
    events.push(...pushed);
  }
  const last = splitter.unended();
  if (last) events.push(last);
  return {
    raw: Buffer.concat(events.map(({ raw }) => raw)).toString('latin1'),
    data: events.map(({ data }) => data.toString('latin1')).filter((data) => data !== ''),
  };
}

const end = fc.constantFrom('\n', '\r\n', '\r');
const line = fc.oneof(
  fc.constantFrom(
    '',
    ': a comment',
    'event: x',
    'id: 7',
    'data',
    'data:',
    'data: ',
    'datas: no',
    ' data: no',
  ),
  fc.string({ maxLength: 20 }).map((text) => `data: ${text.replace(/[\r\n]/g, '')}`),
  fc.constantFrom('data:{"a":1}', 'data:  two spaces', 'data: Grüße 🪙', 'data: [DONE]'),
);
const stream = fc
  .array(fc.tuple(line, end), { maxLength: 30 })
  .map((lines) => lines.map(([text, ending]) => text + ending).join(''));

test('A43 events are what the standard says, whatever the line ends and wherever the stream is cut', () => {
  fc.assert(
    fc.property(stream, anyCuts, (text, cuts) => {
      const bytes = Buffer.from(text);
      const { raw, data } = split(cutAt(bytes, cuts));
      expect(raw).toBe(bytes.toString('latin1'));
      expect(data).toEqual(dataByTheLetter(bytes.toString('latin1')).filter((each) => each !== ''));
    }),
    { numRuns: 2_000 },
  );
});

test('A43 a stream that comes byte by byte has the same events', () => {
  fc.assert(
    fc.property(stream, (text) => {
      const bytes = Buffer.from(text);
      expect(split(singleBytes(bytes))).toEqual(split([bytes]));
    }),
  );
});

test('any bytes at all come out as they went in', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), anyCuts, (bytes, cuts) => {
      const whole = Buffer.from(bytes);
      expect(split(cutAt(whole, cuts)).raw).toBe(whole.toString('latin1'));
    }),
  );
});

test('A43 an event of 10 MB in small pieces is read once, not once for each piece', () => {
  const splitter = new SseSplitter(16_000_000);
  const piece = Buffer.alloc(16_384, 0x61);
  expect(splitter.push(Buffer.from('data: '))).toEqual([]);
  for (let sent = 0; sent < 10_000_000; sent += piece.length) expect(splitter.push(piece)).toEqual([]);
  const events = splitter.push(Buffer.from('\n\n'));
  expect(events).toHaveLength(1);
  expect(events !== 'overflow' && events[0]?.data.length).toBe(Math.ceil(10_000_000 / 16_384) * 16_384);
});

test('A43 an event beyond the largest overflows, and nothing of it is kept', () => {
  const splitter = new SseSplitter(100);
  expect(splitter.push(Buffer.from('data: x\n\n'))).toHaveLength(1);
  expect(splitter.push(Buffer.alloc(100, 0x61))).toEqual([]);
  expect(splitter.push(Buffer.from('a'))).toBe('overflow');
  expect(splitter.pending).toHaveLength(0);
  expect(splitter.unended()).toBeNull();
});

test('an event that was handed out does not change when more comes', () => {
  const splitter = new SseSplitter(MAX_BYTES);
  const seen: [Buffer, string][] = [];
  for (let index = 0; index < 50; index += 1) {
    const bytes = Buffer.from(`data: ${'x'.repeat(index)}${index}\n\ndata: h`);
    for (const piece of [bytes.subarray(0, 9), bytes.subarray(9)]) {
      const events = splitter.push(Buffer.from(piece));
      if (events !== 'overflow') for (const { raw } of events) seen.push([raw, raw.toString()]);
    }
  }
  expect(seen.length).toBeGreaterThan(40);
  for (const [raw, text] of seen) expect(raw.toString()).toBe(text);
});
