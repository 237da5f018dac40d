import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * What a fake bus answers to each method, by name; null never answers. A list is used up from one call to
 * the next, and its last answer stays.
 */
export type BusScript = Readonly<Record<string, Reply | null | readonly Reply[]>>;
export type Reply = { readonly signature?: string; readonly body?: Buffer } | { readonly error: string };

export interface FakeBus {
  readonly env: Readonly<Record<string, string>>;
  /** The methods that were asked, in order. */
  readonly asked: readonly string[];
  readonly connections: () => number;
}

interface FakeBusOptions {
  readonly greeting?: string;
  /** Sends each byte on its own. */
  readonly slowly?: boolean;
  /** Raw bytes in place of the answer to Hello. */
  readonly raw?: Buffer;
}

/** The far end of a D-Bus socket, as the specification describes it, written apart from the client. */
export async function startFakeBus(script: BusScript, options: FakeBusOptions = {}): Promise<FakeBus> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket, script, asked, options);
  });
  const path = join(await temporaryFolder(), 'bus');
  await once(server.listen(path), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { env: { DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` }, asked, connections: () => sockets.size };
}

function serve(socket: Socket, script: BusScript, asked: string[], options: FakeBusOptions): void {
  const { greeting = 'OK 0123456789abcdef0123456789abcdef\r\n', slowly = false } = options;
  let received = Buffer.alloc(0);
  let greeted = false;
  const send = (bytes: Buffer) => {
    if (slowly) for (const byte of bytes) socket.write(Buffer.from([byte]));
    else socket.write(bytes);
  };
  socket.setNoDelay(true);
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    if (!greeted) {
      if (!received.includes('\r\n')) return;
      greeted = true;
      received = received.subarray(received.indexOf('\r\n') + 2);
      send(Buffer.from(greeting));
    }
    if (received.subarray(0, 7).toString() === 'BEGIN\r\n') received = received.subarray(7);
    for (;;) {
      const call = nextCall(received);
      if (call === null) return;
      received = received.subarray(call.size);
      asked.push(call.member);
      if (options.raw) {
        send(options.raw);
        continue;
      }
      if (call.member === 'Hello') {
        send(message(2, call.serial, 's', string(':1.7')));
        send(message(4, 0, 's', string(':1.7'))); // the signal NameAcquired comes unasked
        continue;
      }
      const replies = [script[call.member] ?? null].flat();
      const reply = replies[asked.filter((member) => member === call.member).length - 1] ?? replies.at(-1);
      if (!reply) continue;
      if ('error' in reply) send(message(3, call.serial, 's', string('some words'), reply.error));
      else send(message(2, call.serial, reply.signature ?? '', reply.body ?? Buffer.alloc(0)));
    }
  });
}

function nextCall(bytes: Buffer): { size: number; serial: number; member: string } | null {
  if (bytes.length < 16) return null;
  const fields = bytes.readUInt32LE(12);
  const size = Math.ceil((16 + fields) / 8) * 8 + bytes.readUInt32LE(4);
  if (bytes.length < size) return null;
  const header = bytes.subarray(16, 16 + fields).toString('latin1');
  const member = /\x03\x01s\0....([A-Za-z]+)\0/s.exec(header)?.[1] ?? '?';
  return { size, serial: bytes.readUInt32LE(8), member };
}

export function string(value: string): Buffer {
  return Buffer.concat([uint32(value.length), Buffer.from(`${value}\0`)]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function pad(bytes: Buffer, to: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((to - (bytes.length % to)) % to)]);
}

/** `ao`: an array of object paths. */
export function paths(...values: string[]): Buffer {
  let elements = Buffer.alloc(0);
  for (const value of values) elements = Buffer.concat([pad(elements, 4), string(value)]);
  return Buffer.concat([uint32(elements.length), elements]);
}

export function message(
  type: number,
  replySerial: number,
  signature: string,
  body: Buffer,
  errorName?: string,
): Buffer {
  let fields = Buffer.concat([Buffer.from([5, 1, 0x75, 0]), uint32(replySerial)]);
  if (errorName !== undefined)
    fields = Buffer.concat([pad(fields, 8), Buffer.from([4, 1, 0x73, 0]), string(errorName)]);
  const sig = Buffer.from([8, 1, 0x67, 0, signature.length, ...Buffer.from(signature), 0]);
  fields = Buffer.concat([pad(fields, 8), sig]);
  const fixed = Buffer.concat([
    Buffer.from([0x6c, type, 0, 1]),
    uint32(body.length),
    uint32(99),
    uint32(fields.length),
  ]);
  return Buffer.concat([pad(Buffer.concat([fixed, fields]), 8), body]);
}
