import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Fault } from '../../../proxy/demo/faults.ts';
import { lastBill, onlyRowOf, untilIdle } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { STREAMED_REQUESTS } from '../../helpers/streamed-requests.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate();
});
afterAll(() => tollgate.close());
afterEach(() => tollgate.openai.faults.clear());

/** Ways to end before anything was said of the usage. */
const CUTS: readonly Fault[] = [
  { kind: 'end-after-chunks', chunks: 5 },
  { kind: 'fin-after-chunks', chunks: 5 },
  { kind: 'reset-after-chunks', chunks: 5 },
  { kind: 'reset-after-headers' },
  { kind: 'error-after-chunks', chunks: 5 },
  { kind: 'gzip' },
  { kind: 'html' },
];
const [CHAT] = STREAMED_REQUESTS;

const CASES = [
  ...STREAMED_REQUESTS.flatMap((request) => CUTS.map((fault) => ({ ...request, fault }))),
  // Longer than any event that is waited for: what follows passes unread.
  { ...CHAT, fault: { kind: 'long-line', bytes: 17_000_000, afterChunks: 3 } satisfies Fault },
].map((each) => ({ ...each, name: Object.values(each.fault).join('-') }));

async function ask(app: string, path: string, body: object) {
  const token = await tollgate.createApp(app, ['usd=10/day']);
  const answer = await tollgate.post(token, path, body);
  const text = await answer.text();
  await untilIdle(tollgate);
  return { text, row: await onlyRowOf(tollgate, app), bill: lastBill(tollgate) };
}

test.for(CASES)('A43 $kind that breaks off ($name) is charged at its bound', async (each) => {
  const { kind, path, body, fault, name } = each;
  tollgate.openai.faults.add({ fault });
  const { row, bill } = await ask(`${kind}-${name}`, path, body);
  expect(row).toMatchObject({ outcome: 'charged-at-bound', costNanoUsd: row.holdNanoUsd });
  expect(row.costNanoUsd).toBeGreaterThanOrEqual(bill.costNanoUsd);
});

test.for(STREAMED_REQUESTS)(
  'the reader of $kind that was cut short sees that it was',
  async ({ kind, path, body }) => {
    tollgate.openai.faults.add({ fault: { kind: 'reset-after-chunks', chunks: 5 } });
    const { text, row } = await ask(`${kind}-told`, path, body);
    expect(text).toContain('upstream_broken');
    expect(text).not.toContain('[DONE]');
    expect(row.reason).toBe('upstream_broken');
  },
);
