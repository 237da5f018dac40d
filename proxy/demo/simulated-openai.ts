import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PriceBookData } from '../contract/prices.ts';
import type { BatchStatus } from './batch-store.ts';
import { type Bill, createBill } from './bill.ts';
import { createSimulation } from './create-simulation.ts';
import { type ExchangeDeps, handleRequest } from './exchange.ts';
import { createFaultTable, type Faults } from './faults.ts';
import { createModelCatalog } from './model-catalog.ts';
import type { OutputRange } from './planned-output.ts';
import { createReceivedLog, type ReceivedFrame, type ReceivedRequest } from './received-requests.ts';
import { loadTokenizer } from './tokenizer.ts';
import { createSocketServer, handleUpgrade } from './upgrades.ts';

export interface SimulatedOpenAiOptions {
  /** The only key it accepts. */
  readonly key: string;
  /** Also the list of models it has. */
  readonly prices: PriceBookData;
  /** 127.0.0.1 unless told. */
  readonly host?: string;
  /** 0 unless told: any free one. */
  readonly port?: number;
  /** Pace of streams and background responses, 200 unless told; 0 is as fast as possible. */
  readonly tokensPerSecond?: number;
  /** Before the first output of a stream, and before a whole answer that costs something. */
  readonly firstTokenMs?: number;
  /** Length of an answer that names no maximum, 20 to 400 tokens unless told. */
  readonly outputTokens?: OutputRange;
  /** Input tokens count every reading of the context, once more for each hosted tool call; true unless told. */
  readonly rereadsContext?: boolean;
  /** How long a batch waits before it runs, and a batch of files before it can be searched; 50 unless told. */
  readonly batchMs?: number;
  /** How long a stored or background response can be asked for, by `now`; for ever unless told. */
  readonly responseLifetimeMs?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** An OpenAI that needs no key of theirs, and whose bill is the truth about what was spent. */
export interface SimulatedOpenAi {
  /** `http://127.0.0.1:PORT/v1` */
  readonly baseUrl: string;
  readonly bill: Bill;
  /** The newest requests, at most 1,000. */
  readonly received: readonly ReceivedRequest[];
  /** The newest text frames of sockets, at most 1,000. */
  readonly receivedFrames: readonly ReceivedFrame[];
  readonly faults: Faults;
  /** Requests that are being answered, open sockets, background responses and batches that go on. */
  readonly openCalls: number;
  /** Revokes the old key and accepts this one. */
  setKey(key: string): void;
  /** Ends every connection, background response and batch; they are billed as aborted. */
  close(): Promise<void>;
}

/** Opens the server; the caller closes it. Rejects when the port is taken. */
export async function openSimulatedOpenAi(options: SimulatedOpenAiOptions): Promise<SimulatedOpenAi> {
  const { host = '127.0.0.1', port = 0, now = Date.now } = options;
  const tokenizer = await loadTokenizer();
  const catalog = createModelCatalog(options.prices);
  const simulation = createSimulation({ ...options, catalog, tokenizer, now });
  const faults = createFaultTable();
  const received = createReceivedLog();
  const bill = createBill(catalog.fees, now);
  let key = options.key;
  let origin = '';
  /** Upgraded connections, which the server itself forgets. */
  const open = new Set<Duplex>();
  const answering = new Set<ServerResponse>();
  const setKey = (next: string): void => {
    key = next;
  };
  const deps: ExchangeDeps = {
    simulation,
    pace: { tokensPerSecond: options.tokensPerSecond ?? 200, firstTokenMs: options.firstTokenMs ?? 0 },
    bill,
    faults,
    received,
    setKey,
    key: () => key,
    origin: () => origin,
  };
  // A keep-alive longer than any client's, so that no request meets a connection that is just closing.
  const server = createServer(
    { keepAliveTimeout: 120_000, shouldUpgradeCallback: isWebSocket },
    (req, res) => {
      answering.add(res);
      res.once('close', () => answering.delete(res));
      handleRequest(req, res, deps);
    },
  );
  const sockets = createSocketServer();
  server.on('upgrade', (req, socket, head) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    void handleUpgrade(req, socket as Socket, head, sockets, deps);
  });
  server.listen(port, host);
  await once(server, 'listening');
  const { address, family, port: actualPort } = server.address() as AddressInfo;
  origin = `http://${family === 'IPv6' ? `[${address}]` : address}:${actualPort}`;
  return {
    baseUrl: `${origin}/v1`,
    bill,
    received: received.requests,
    receivedFrames: received.frames,
    faults,
    get openCalls() {
      const batches = simulation.batches.all().filter(({ status }) => RUNNING_BATCH.has(status));
      return answering.size + open.size + simulation.responses.running + batches.length;
    },
    setKey,
    close: async () => {
      if (!server.listening) return;
      simulation.responses.stopAll();
      for (const batch of simulation.batches.all()) batch.run?.stop();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      const gone = [...open].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of open) socket.destroy();
      await Promise.all([closed, ...gone]);
      // Streams notice that their client is gone, and are billed, in the same turn.
      await nextTurn();
    },
  };
}

const RUNNING_BATCH: ReadonlySet<BatchStatus> = new Set([
  'validating',
  'in_progress',
  'finalizing',
  'cancelling',
]);

/** Any other protocol that a client offers to change to is ignored, as by every server that lacks it. */
function isWebSocket(req: IncomingMessage): boolean {
  return /^websocket$/i.test(req.headers.upgrade ?? '');
}
