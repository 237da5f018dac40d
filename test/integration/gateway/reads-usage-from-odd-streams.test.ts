import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Fault } from '../../../proxy/demo/faults.ts';
import { lastBill, onlyRowOf, untilIdle } from '../../helpers/ledger.ts';
import { CANARY_KEY, openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { STREAMED_REQUESTS } from '../../helpers/streamed-requests.ts';
import { withoutIds } from '../../helpers/without-ids.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate({ openai: { now: () => NOW_MS } });
});
afterAll(() => tollgate.close());
afterEach(() => tollgate.openai.faults.clear());

/** Forms that a reader of event streams must take, and what is charged: the truth. */
const READABLE: readonly Fault[] = [
  { kind: 'split', bytes: 1 },
  { kind: 'split', bytes: 7 },
  { kind: 'split', bytes: 1_000 },
  { kind: 'line-ends', with: 'crlf' },
  { kind: 'line-ends', with: 'cr' },
  { kind: 'no-space' },
  { kind: 'no-done' },
  { kind: 'invalid-sse', afterChunks: 3 },
  { kind: 'long-line', bytes: 1_000_000, afterChunks: 3 },
];

const CASES = STREAMED_REQUESTS.flatMap((request) =>
  READABLE.map((fault) => ({ ...request, fault, name: Object.values(fault).join('-') })),
);

test.for(CASES)(
  'A43 $kind in the form $name reaches the client as sent, and is charged exactly',
  async (each) => {
    const { kind, path, body, fault, name } = each;
    tollgate.openai.faults.add({ fault });
    const direct = await fetch(tollgate.openai.baseUrl + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${CANARY_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const expected = await direct.text();
    tollgate.openai.faults.add({ fault });
    const app = `${kind}-${name}`;
    const answer = await tollgate.post(await tollgate.createApp(app, ['usd=10/day']), path, body);
    const text = await answer.text();
    expect(withoutIds(text) === withoutIds(expected), 'the text is the same').toBe(true);
    await untilIdle(tollgate);
    expect(await onlyRowOf(tollgate, app)).toMatchObject({
      outcome: 'settled',
      costNanoUsd: lastBill(tollgate).costNanoUsd,
    });
  },
);
