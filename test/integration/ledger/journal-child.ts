/** Writes holds, a few at a time, and tells each one as soon as it is durable; ends only when killed. */
import { writeSync } from 'node:fs';
import { Journal } from '../../../proxy/ledger/journal.ts';
import type { JournalOptions } from '../../../proxy/ledger/journal-protocol.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as JournalOptions & { readonly firstSeq: number };
const journal = await Journal.open(options, {
  onHealth: () => undefined,
  onDropped: () => undefined,
  onError: () => undefined,
});
if (!journal) throw new Error('another process has the folder');

let seq = options.firstSeq;
function next(): void {
  const mine = seq;
  seq += 1;
  const entry = {
    kind: 'hold',
    seq: mine,
    atMs: Date.UTC(2026, 10, 23, 12) + mine,
    appNum: 1,
    tokenId: 1,
    route: '/v1/responses',
    model: 'gpt-5.4',
    streamed: true,
    user: null,
    address: null,
    holdNanoUsd: 1_000 + mine,
    holdInputTokens: 1,
    holdOutputTokens: 2,
  } as const;
  journal?.hold(entry, (written) => {
    // Synchronous, so that a line on the pipe means that the callback was called.
    if (written) writeSync(1, `${mine}\n`);
    next();
  });
}
for (let parallel = 0; parallel < 8; parallel += 1) next();
