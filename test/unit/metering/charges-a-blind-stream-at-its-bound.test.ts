import { expect, test } from 'vitest';
import { openStreamMeter } from '../../../proxy/gateway/metering/stream-meter.ts';
import type { MeterKind } from '../../../proxy/gateway/route.ts';

const MEGABYTE = Buffer.alloc(1024 * 1024, 0x61);
const CHAT_USAGE =
  'data: {"model":"gpt-4o","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}\n\n';
const RESPONSE_USAGE =
  'data: {"type":"response.completed","response":{"model":"gpt-4o","usage":{"input_tokens":3,"output_tokens":2}}}\n\n';

/** Sends a line of so many megabytes after a beginning; tells how many bytes came out, and the result. */
function sendLine(kind: MeterKind, hideUsage: boolean, before: string, megabytes: number, after: string) {
  const meter = openStreamMeter(kind, hideUsage);
  let passed = 0;
  let sent = 0;
  const send = (chunk: Buffer): void => {
    sent += chunk.length;
    passed += meter.push(chunk).length;
  };
  if (before !== '') send(Buffer.from(before));
  send(Buffer.from('data: '));
  for (let index = 0; index < megabytes; index += 1) send(MEGABYTE);
  send(Buffer.from(`\n\n${after}`));
  passed += meter.end().length;
  return { passed, sent, result: meter.result() };
}

test.each<[MeterKind, boolean, string]>([
  ['chat', false, CHAT_USAGE],
  ['responses', false, RESPONSE_USAGE],
])('A43 a line of 10 MB passes %s and what follows it is read', (kind, hideUsage, usage) => {
  const { passed, sent, result } = sendLine(kind, hideUsage, '', 10, usage);
  expect(passed).toBe(sent);
  expect(result).toMatchObject({ kind: 'usage', parts: [{ usage: { inputTokens: 3, outputTokens: 2 } }] });
});

test.each<[MeterKind, boolean, string]>([
  ['chat', false, CHAT_USAGE],
  ['chat', true, CHAT_USAGE],
  ['responses', false, RESPONSE_USAGE],
])('A43 after a line without end (%s, hiding: %s) nothing is believed', (kind, hideUsage, usage) => {
  for (const [before, after] of [
    [usage, ''],
    ['', usage],
  ] as const) {
    const { passed, sent, result } = sendLine(kind, hideUsage, before, 17, after);
    // What was hidden before is gone; all else has passed.
    expect(passed).toBe(sent - (hideUsage && before !== '' ? before.length : 0));
    expect(result.kind).toBe('missing');
  }
});
