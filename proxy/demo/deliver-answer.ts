import { startBackgroundRun } from './background-run.ts';
import type { OpenBill } from './bill.ts';
import { createByteWriter } from './byte-writer.ts';
import { openEventStream } from './event-stream.ts';
import { findFault } from './faults.ts';
import {
  breakBeforeHeaders,
  isReplacedByHtml,
  openFaultyEventStream,
  writeFaultyWhole,
  writeHtml,
} from './faulty-answer.ts';
import type { Answer, BackgroundAnswer, StreamedAnswer, WholeAnswer } from './generation.ts';
import { type Pace, walkGeneration } from './generation-walk.ts';
import { type Reply, writeWhole } from './reply.ts';
import { openSettlement } from './settlement.ts';
import { watchRun } from './watched-run.ts';

export interface DeliveryDeps {
  readonly bill: OpenBill;
  readonly pace: Pace;
}

/** Writes an answer and bills it. Resolves when the answer is out or its client is gone. */
export function deliverAnswer(
  answer: Answer,
  reply: Reply,
  path: string,
  deps: DeliveryDeps,
): Promise<void> | void {
  switch (answer.kind) {
    case 'whole':
      return deliverWhole(answer, reply, path, deps);
    case 'streamed':
      return deliverStream(answer, reply, path, deps);
    case 'background':
      return deliverBackground(answer, reply, path, deps);
    case 'later':
      answer.start(deps);
      return deliverWhole(freeJson(answer.body), reply, path, deps);
  }
}

/** A whole answer runs to its end and is billed, whether or not anybody still waits for it. */
function deliverWhole(
  answer: WholeAnswer,
  reply: Reply,
  path: string,
  deps: DeliveryDeps,
): Promise<void> | void {
  const modelMs = answer.charge === null ? 0 : deps.pace.firstTokenMs;
  const waitMs = modelMs + (findFault(reply.faults, 'latency')?.ms ?? 0);
  if (waitMs === 0) return finishWhole(answer, reply, path, deps);
  // The wait must not keep a process alive whose server is closed.
  return new Promise<void>((resolve) => setTimeout(resolve, waitMs).unref()).then(() =>
    finishWhole(answer, reply, path, deps),
  );
}

function finishWhole(
  answer: WholeAnswer,
  reply: Reply,
  path: string,
  deps: DeliveryDeps,
): Promise<void> | void {
  if (answer.charge) deps.bill.add(path, 'completed', answer.charge);
  if (reply.faults.length > 0) return finishFaultyWhole(answer, reply);
  if (!answer.chunked) return writeWhole(reply, answer.status, answer.contentType, answer.body);
  if (reply.isGone) return;
  reply.res.writeHead(answer.status, reply.headers(answer.contentType));
  reply.res.end(answer.body);
}

async function finishFaultyWhole(answer: WholeAnswer, reply: Reply): Promise<void> {
  if (reply.isGone || (await breakBeforeHeaders(reply))) return;
  await writeFaultyWhole(reply, answer);
}

async function deliverStream(
  answer: StreamedAnswer,
  reply: Reply,
  path: string,
  deps: DeliveryDeps,
): Promise<void> {
  const { generation, replay } = answer;
  const watching = replay ? watchRun(replay.run) : null;
  const settlement = watching?.settlement ?? openSettlement(generation, path, deps.bill);
  const startedAtMs = replay?.run.startedAtMs ?? performance.now();
  if (reply.faults.length > 0) {
    await reply.sleep(findFault(reply.faults, 'latency')?.ms ?? 0);
    if (reply.isGone || (await breakBeforeHeaders(reply)))
      return settlement.end(reply.isGone ? 'aborted' : 'failed');
    if (isReplacedByHtml(reply)) {
      settlement.complete();
      return writeHtml(createByteWriter(reply));
    }
  }
  const stream =
    reply.faults.length > 0 ? await openFaultyEventStream(reply, generation) : openEventStream(reply);
  const sink = watching?.follow(stream) ?? stream;
  await walkGeneration(generation, deps.pace, sink, settlement, startedAtMs, replay?.afterSequence);
  if (sink.state === 'open') settlement.complete();
  else settlement.end(sink.state === 'gone' ? 'aborted' : 'failed');
  await stream.end();
}

/** Generates without the client, who gets the queued response, or watches it come. */
function deliverBackground(
  answer: BackgroundAnswer,
  reply: Reply,
  path: string,
  deps: DeliveryDeps,
): Promise<void> | void {
  const { stored } = answer;
  const run = startBackgroundRun(stored, deps.pace, openSettlement(stored.generation, path, deps.bill));
  if (answer.isStreamed) {
    const replay = { run, afterSequence: -1 };
    return deliverStream({ kind: 'streamed', generation: stored.generation, replay }, reply, path, deps);
  }
  return deliverWhole(freeJson(answer.body), reply, path, deps);
}

function freeJson(body: string): WholeAnswer {
  return { kind: 'whole', status: 200, contentType: 'application/json', body, charge: null };
}
