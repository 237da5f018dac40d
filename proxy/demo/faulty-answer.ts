import { type ByteWriter, createByteWriter } from './byte-writer.ts';
import { DONE_FRAME } from './chat-events.ts';
import { EVENT_STREAM } from './event-stream.ts';
import { findFault } from './faults.ts';
import type { Generation, WholeAnswer } from './generation.ts';
import type { EventSink } from './generation-walk.ts';
import type { Reply } from './reply.ts';
import { falsifyUsage } from './usage-fault.ts';

/*
 * Delivers an answer under faults: slow, explicit, one event at a time. The ordinary way is in
 * event-stream.ts and reply.ts; nothing here runs for a request without a fault.
 */
const HTML_BODY =
  '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>';
const GARBAGE = ': this is not an event\n<html>\ndata {"choices": [\nretry: soon\n\n';
const DEFAULT_LONG_LINE_BYTES = 10_000_000;

/** How the answer breaks off, and after how many events; null where it does not. */
interface Break {
  readonly after: number;
  readonly how: 'reset' | 'fin' | 'end' | 'hang' | 'error';
  readonly withUsage: boolean;
}

/** Faults that come before the first header. True where nothing is left to answer. */
export async function breakBeforeHeaders(reply: Reply): Promise<boolean> {
  if (findFault(reply.faults, 'hang-before-headers')) {
    await reply.untilGone();
    return true;
  }
  if (!findFault(reply.faults, 'reset-before-headers')) return false;
  reply.res.socket?.resetAndDestroy();
  return true;
}

export function isReplacedByHtml(reply: Reply): boolean {
  return findFault(reply.faults, 'html') !== null;
}

/** Writes a whole answer under faults; it is billed already. */
export async function writeFaultyWhole(reply: Reply, answer: WholeAnswer): Promise<void> {
  const writer = createByteWriter(reply);
  if (isReplacedByHtml(reply)) return writeHtml(writer);
  const body = faultyBody(reply, answer);
  const breaks = readBreak(reply);
  const cut = breaks === null ? body.length : Math.floor(body.length / 2);
  await writer.open(answer.status, answer.contentType, breaks?.how === 'end' ? cut : body.length);
  if (findFault(reply.faults, 'reset-after-headers')) return writer.breakOff('reset');
  await writer.write(body.subarray(0, cut));
  if (breaks === null || breaks.how === 'end') return writer.end();
  if (breaks.how === 'hang') return reply.untilGone();
  return writer.breakOff(breaks.how === 'fin' ? 'fin' : 'reset');
}

/** Replaces any answer by a page, as a captive portal or a broken CDN does, with status 200. */
export async function writeHtml(writer: ByteWriter): Promise<void> {
  await writer.open(200, 'text/html; charset=utf-8', HTML_BODY.length);
  await writer.write(Buffer.from(HTML_BODY));
  await writer.end();
}

export async function openFaultyEventStream(
  reply: Reply,
  generation: Generation,
): Promise<EventSink & { end(): Promise<void> }> {
  const writer = createByteWriter(reply);
  const { faults } = reply;
  const usage = generation.charge(generation.totalOutputTokens).usage;
  const usageFault = findFault(faults, 'usage');
  const breaks = readBreak(reply);
  const garbage = findFault(faults, 'invalid-sse');
  const longLine = findFault(faults, 'long-line');
  let isBroken = false;
  let sent = 0;

  const send = (frame: string): Promise<void> => writer.write(Buffer.from(dialect(reply, frame)));
  const breakNow = async ({ how, withUsage }: Break): Promise<void> => {
    isBroken = true;
    switch (how) {
      case 'error':
        await send(
          generation.errorFrame(
            'The server had an error while processing your request.',
            withUsage ? usage : null,
          ),
        );
        return writer.end();
      case 'end':
        return writer.end();
      case 'hang':
        return reply.untilGone();
      default:
        return writer.breakOff(how);
    }
  };

  await writer.open(200, EVENT_STREAM, null);
  if (findFault(faults, 'reset-after-headers')) await breakNow({ after: 0, how: 'reset', withUsage: false });
  return {
    get state() {
      if (isBroken) return 'broken' as const;
      return reply.isGone ? ('gone' as const) : ('open' as const);
    },
    push: async (frame) => {
      if (frame === DONE_FRAME && findFault(faults, 'no-done')) return;
      for (const each of usageFault ? falsifyUsage(frame, usage, usageFault.as) : [frame]) {
        if (breaks && sent >= breaks.after) return breakNow(breaks);
        if (garbage && sent === (garbage.afterChunks ?? 1)) await send(GARBAGE);
        if (longLine && sent === (longLine.afterChunks ?? 1)) {
          await send(`data: {"padding":"${'p'.repeat(longLine.bytes ?? DEFAULT_LONG_LINE_BYTES)}"}\n\n`);
        }
        await send(each);
        sent += 1;
      }
    },
    flush: () => undefined,
    sleep: reply.sleep,
    end: () => (isBroken ? Promise.resolve() : writer.end()),
  };
}

function faultyBody(reply: Reply, answer: WholeAnswer): Buffer {
  const usageFault = findFault(reply.faults, 'usage');
  const body = Buffer.isBuffer(answer.body)
    ? answer.body
    : Buffer.from(
        usageFault && answer.charge
          ? (falsifyUsage(answer.body, answer.charge.usage, usageFault.as)[0] ?? '')
          : answer.body,
      );
  return findFault(reply.faults, 'truncated-json') ? body.subarray(0, Math.floor(body.length / 2)) : body;
}

function readBreak(reply: Reply): Break | null {
  for (const fault of reply.faults) {
    switch (fault.kind) {
      case 'reset-after-chunks':
        return { after: fault.chunks, how: 'reset', withUsage: false };
      case 'fin-after-chunks':
        return { after: fault.chunks, how: 'fin', withUsage: false };
      case 'end-after-chunks':
        return { after: fault.chunks, how: 'end', withUsage: false };
      case 'hang-after-chunks':
        return { after: fault.chunks, how: 'hang', withUsage: false };
      case 'error-after-chunks':
        return { after: fault.chunks, how: 'error', withUsage: fault.withUsage ?? false };
      default:
    }
  }
  return null;
}

/** The same events in another of the forms the SSE standard allows. */
function dialect(reply: Reply, frame: string): string {
  const bare = findFault(reply.faults, 'no-space') ? frame.replace(/^(data|event): /gm, '$1:') : frame;
  const ends = findFault(reply.faults, 'line-ends');
  if (ends === null) return bare;
  return bare.replaceAll('\n', ends.with === 'crlf' ? '\r\n' : '\r');
}
