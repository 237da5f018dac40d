import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeCall } from '../../../proxy/keys/dbus-call.ts';
import { decodeMessage } from '../../../proxy/keys/dbus-message.ts';
import { DbusProtocolError, DbusReader } from '../../../proxy/keys/dbus-reader.ts';
import { message, pad, paths, string, uint32 } from './fake-bus.ts';

test('encodes a call byte for byte as the specification lays it out', () => {
  const bytes = encodeCall(2, {
    destination: 'a.b',
    path: '/p',
    interface: 'c.d',
    member: 'Mem',
    args: [
      { type: 's', value: 'hé' },
      { type: 'a{ss}', value: { k: 'v' } },
    ],
  });
  const laidOut = [
    '6c 01 00 01  1e000000  02000000  4c000000', // little-endian, call, version 1; 30 bytes body; serial; 76 bytes fields
    '01 01 6f 00  02000000  2f70 00  0000000000', // 1 path, o "/p"
    '02 01 73 00  03000000  632e64 00  00000000', // 2 interface, s "c.d"
    '03 01 73 00  03000000  4d656d 00  00000000', // 3 member, s "Mem"
    '06 01 73 00  03000000  612e62 00  00000000', // 6 destination, s "a.b"
    '08 01 67 00  06 73617b73737d 00  00000000', // 8 signature, g "sa{ss}"
    '03000000  68c3a9 00', // the string: length in bytes
    '0e000000  00000000', // the array: 14 bytes, without the padding before its first entry
    '01000000  6b 00  0000  01000000  76 00', // "k", padding, "v"
  ];
  expect(bytes.toString('hex')).toBe(laidOut.join('').replaceAll(' ', ''));
});

test('encodes an array of paths', () => {
  const call = { destination: 'a.b', path: '/p', interface: 'c.d', member: 'Mem' };
  const bytes = encodeCall(1, { ...call, args: [{ type: 'ao', value: ['/a', '/b'] }] });
  const laidOut = '0f000000  02000000 2f61 00  00  02000000 2f62 00';
  expect(bytes.subarray(-19).toString('hex')).toBe(laidOut.replaceAll(' ', ''));
});

test('encodes a call without arguments without a signature', () => {
  const call = { destination: 'a.b', path: '/p', interface: 'c.d', member: 'Mem', args: [] };
  const bytes = encodeCall(1, call);
  expect(bytes.readUInt32LE(4)).toBe(0);
  expect(bytes.includes(Buffer.from([8, 1, 0x67]))).toBe(false);
  expect(bytes.length % 8).toBe(0);
});

test('decodes a reply of two arrays of paths', () => {
  const body = Buffer.concat([pad(paths('/a', '/bcd'), 4), paths()]);
  const bytes = message(2, 7, 'aoao', body);
  expect(decodeMessage(bytes)).toEqual({
    message: { type: 'return', replySerial: 7, errorName: null, body: [['/a', '/bcd'], []] },
    size: bytes.length,
  });
});

test('decodes an error', () => {
  const bytes = message(3, 7, 's', string('why'), 'a.b.Error');
  expect(decodeMessage(bytes)?.message).toEqual({
    type: 'error',
    replySerial: 7,
    errorName: 'a.b.Error',
    body: ['why'],
  });
});

test('decodes a variant from a service of the other byte order', () => {
  const laidOut = [
    '42 02 00 01  00000008  00000063  0000000f', // big-endian, return; 8 bytes body; serial; 15 bytes fields
    '05 01 75 00  00000007', // 5 reply serial, u 7
    '08 01 67 00  01 76 00  00', // 8 signature, g "v", padding
    '01 62 00  00  00000001', // variant of b, padding, true
  ];
  const bytes = Buffer.from(laidOut.join('').replaceAll(' ', ''), 'hex');
  expect(decodeMessage(bytes)).toEqual({
    message: { type: 'return', replySerial: 7, errorName: null, body: [true] },
    size: 40,
  });
});

test('waits for the rest of a message that comes in pieces, and leaves what follows it', () => {
  const bytes = message(2, 7, 's', string('hello'));
  for (let length = 0; length < bytes.length; length += 1) {
    expect(decodeMessage(bytes.subarray(0, length))).toBeNull();
  }
  expect(decodeMessage(Buffer.concat([bytes, bytes]))?.size).toBe(bytes.length);
});

test('reads every basic type', () => {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt8(200, 0);
  bytes.writeInt16LE(-2, 2);
  bytes.writeUInt16LE(65_535, 4);
  bytes.writeInt32LE(-3, 8);
  bytes.writeUInt32LE(4_000_000_000, 12);
  bytes.writeBigInt64LE(-4n, 16);
  bytes.writeBigUInt64LE(2n ** 63n, 24);
  bytes.writeDoubleLE(1.5, 32);
  expect(new DbusReader(bytes, true).values('ynqiuxtd')).toEqual([
    200,
    -2,
    65_535,
    -3,
    4_000_000_000,
    -4n,
    2n ** 63n,
    1.5,
  ]);
});

test('reads structs, dictionaries and variants in one another', () => {
  // (y a{sv}): 7, { "k": variant of string "v" }
  const entry = Buffer.concat([pad(string('k'), 2), Buffer.from([1, 0x73, 0]), Buffer.alloc(3), string('v')]);
  const bytes = Buffer.concat([Buffer.from([7, 0, 0, 0]), uint32(entry.length), entry]);
  expect(new DbusReader(bytes, true).values('(ya{sv})')).toEqual([[7, [['k', 'v']]]]);
});

const HOSTILE: readonly [string, Buffer][] = [
  ['an unknown byte order', Buffer.concat([Buffer.from('x'), Buffer.alloc(31)])],
  ['an HTTP answer', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['a body of 4 GiB', withUint32(message(2, 1, 's', string('x')), 4, 0xffff_ffff)],
  ['header fields of 4 GiB', withUint32(message(2, 1, 's', string('x')), 12, 0xffff_ffff)],
  ['a string longer than its message', message(2, 1, 's', withUint32(string('x'), 0, 1_000))],
  ['a string of 4 GiB', message(2, 1, 's', withUint32(string('x'), 0, 0xffff_ffff))],
  ['an array longer than its message', message(2, 1, 'ao', uint32(1_000))],
  ['an array that ends within an element', message(2, 1, 'ao', withUint32(paths('/abc'), 0, 6))],
  ['a missing body', message(2, 1, 's', Buffer.alloc(0))],
  ['an unknown type', message(2, 1, 'Z', Buffer.alloc(8))],
  ['an empty struct', message(2, 1, '()', Buffer.alloc(8))],
  ['an array of nothing', message(2, 1, 'a', uint32(0))],
  ['an array of empty structs', message(2, 1, 'a()', Buffer.concat([uint32(8), Buffer.alloc(12)]))],
  ['an open struct', message(2, 1, '(s', string('x'))],
  ['a deep signature', message(2, 1, `${'a'.repeat(200)}y`, uint32(0))],
  [
    'variants in variants in variants',
    message(2, 1, 'v', Buffer.concat(Array(99).fill(Buffer.from('\x01v\0')))),
  ],
  ['a variant of two types', message(2, 1, 'v', Buffer.from('\x02yy\0\x01\x02'))],
  ['an unknown kind of message', message(9, 1, 's', string('x'))],
];

function withUint32(bytes: Buffer, at: number, value: number): Buffer {
  bytes.writeUInt32LE(value, at);
  return bytes;
}

test.each(HOSTILE)('refuses %s', (_, bytes) => {
  expect(() => decodeMessage(bytes)).toThrow(DbusProtocolError);
});

test('answers any bytes with a message, null or a protocol error', () => {
  const good = message(2, 7, 'aoao', Buffer.concat([pad(paths('/a', '/bcd'), 4), paths('/e')]));
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
      const bytes = Buffer.from(good);
      for (const [at, value] of changes) bytes[at] = value;
      try {
        decodeMessage(bytes);
      } catch (error) {
        if (!(error instanceof DbusProtocolError)) throw error;
      }
    }),
    { numRuns: 5_000 },
  );
});
